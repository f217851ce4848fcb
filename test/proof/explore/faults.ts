import type { MemoryOperation } from "../../support/memoryServices.ts";

/** What goes wrong with one call. */
export interface Fault {
  readonly token: string;
  readonly words: string;
  /** Whether its effect happens: now, never, or at some later time. */
  readonly effect: "now" | "never" | "later";
  /** How long the caller waits for what it gets. */
  readonly takes: number;
  /** HTTP status that the caller sees; undefined where no answer comes. */
  readonly status: number | undefined;
}

const refused: Fault = {
  token: "refused",
  words: "is refused (403)",
  effect: "never",
  takes: 0,
  status: 403,
};
const odd: Fault = { token: "odd", words: "is refused (400)", effect: "never", takes: 0, status: 400 };
const silent: Fault = {
  token: "silent",
  words: "never arrives, and no answer comes",
  effect: "never",
  takes: 10_000,
  status: undefined,
};
const lost: Fault = {
  token: "lost",
  words: "takes effect, and its answer is lost",
  effect: "now",
  takes: 10_000,
  status: undefined,
};
const late: Fault = {
  token: "late",
  words: "gets no answer, and is still on its way",
  effect: "later",
  takes: 10_000,
  status: undefined,
};
const error: Fault = {
  token: "error",
  words: "fails without an effect (500)",
  effect: "never",
  takes: 0,
  status: 500,
};
const errorAfter: Fault = {
  token: "errorAfter",
  words: "takes effect and answers 500",
  effect: "now",
  takes: 0,
  status: 500,
};

/** The faults of each call that the code could tell apart, or whose effects differ. */
export const faultsOf: Record<MemoryOperation, readonly Fault[]> = {
  getKind: [silent],
  getStatus: [silent],
  getLatest: [silent],
  getValue: [silent],
  listVersions: [silent],
  listAuthKeys: [silent, odd],
  setTags: [refused, silent, lost, late],
  addVersion: [refused, silent, lost, late],
  disable: [silent, lost],
  regenerateAuthKey: [refused, silent, lost, late, error, errorAfter],
  acquireLease: [silent, lost],
  renewLease: [silent],
  releaseLease: [silent],
};
