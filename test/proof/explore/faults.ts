import type { MemoryOperation } from "../../support/memoryServices.ts";

/** What goes wrong with one call. */
export interface Fault {
  /** What a trace calls it, in a word. */
  readonly token: string;
  /** Whether its effect happens: now, never, or at some later time. */
  readonly effect: "now" | "never" | "later";
  /** HTTP status that the caller sees; undefined where no answer comes. */
  readonly status: number | undefined;
  /** How long the caller waits for what it gets. */
  readonly takes: number;
}

function fault(token: string, effect: Fault["effect"], status?: number): Fault {
  return { token, effect, status, takes: status === undefined ? 10_000 : 0 };
}

const refused = fault("refused-with-403", "never", 403);
const odd = fault("refused-with-400", "never", 400);
const silent = fault("never-arrives", "never");
const lost = fault("takes-effect-unanswered", "now");
const late = fault("is-still-on-its-way", "later");
const error = fault("fails-with-500", "never", 500);
const errorAfter = fault("takes-effect-and-answers-500", "now", 500);

/** The faults of each call that the code could tell apart, or whose effects differ. */
export const faultsOf: Record<MemoryOperation, readonly Fault[]> = {
  getKind: [silent],
  getStatus: [silent, refused],
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
