/** The state tag of a secret: what a run is about to do, and what the versions before it left behind. */
import * as z from "zod/mini";
import { parseJson } from "../config/parseJson.ts";
import { isObject } from "../config/problems.ts";
import { UnexpectedAnswerError } from "../errors.ts";
import { KEY_NAMES, type KeyName } from "../services.ts";
import type { NodesNote } from "./nodesNote.ts";

/** The run of a compromise that was declared but that no run has started. */
export const NO_RUN = "";

/** Written before a key is regenerated, so that whoever comes after a crash knows what was begun. */
export type Intent =
  | {
      readonly kind: "rotate";
      readonly key: KeyName;
      /** Fingerprint of the key's value when the intent was written. */
      readonly previousFingerprint: string;
      readonly run: string;
      readonly compromised: boolean;
      /** How often the runtime was rotated before, up to 2. */
      readonly earlier: number;
      /** The nodes before the rotation. Missing in a compromise, without nodes, and where they may not be read. */
      readonly note: NodesNote | undefined;
      /** When the compromise was declared, in milliseconds since the epoch. */
      readonly since: number | undefined;
    }
  /** The second half of a compromise. */
  | {
      readonly kind: "revoke";
      readonly key: KeyName;
      readonly previousFingerprint: string;
      readonly since: number | undefined;
    };

export interface RotationState {
  readonly intent: Intent | undefined;
  /** Fingerprint of the dead value that this version's value superseded: a listing that shows it is stale. */
  readonly superseded: string | undefined;
  /** Fingerprint of the value that the second half of a compromise revoked after that: just as dead. */
  readonly revoked: string | undefined;
  /** Whether a compromise published this version, or the one whose dead value it replaced. */
  readonly byCompromise: boolean;
  /** When that version was created, in milliseconds since the epoch; set once drift was repaired after it. */
  readonly compromisedAt: number | undefined;
  /** How often the runtime was rotated before the rotation that published this version; undefined where none did. */
  readonly earlier: number | undefined;
  readonly note: NodesNote | undefined;
  /** Why, and by which run, this version was published. */
  readonly reason: string | undefined;
  readonly run: string | undefined;
}

export const NO_STATE: RotationState = {
  intent: undefined,
  superseded: undefined,
  revoked: undefined,
  byCompromise: false,
  compromisedAt: undefined,
  earlier: undefined,
  note: undefined,
  reason: undefined,
  run: undefined,
};

/** How often a runtime was rotated, up to 2: what its next rotation notes as `earlier`. */
export function timesRotated({ earlier }: RotationState): number {
  return earlier === undefined ? 0 : Math.min(2, earlier + 1);
}

/** Version of the format, for other versions of this app. */
const VERSION = 1;

const key = z.enum(KEY_NAMES);
const fingerprint = z.string();
const seconds = z.optional(z.number());
const count = z.optional(z.number());
/** As a list, because a tag has little room: online, offline, seconds, which key died, how often before, finding. */
const note = z.optional(
  z.tuple([
    z.number(),
    z.number(),
    z.number(),
    z.enum(KEY_NAMES),
    z.number(),
    z.nullable(z.enum(["proved", "lost", "repaired"])),
  ]),
);
const intent = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("rotate"),
    key,
    was: fingerprint,
    run: z.string(),
    compromised: z.boolean(),
    since: seconds,
    n: count,
    note,
  }),
  z.object({ kind: z.literal("kill"), key, was: fingerprint, since: seconds }),
]);
/** The names on the wire are those of the first version, so that an older app still reads an intent. */
const schema = z.object({
  v: z.optional(z.literal(VERSION)),
  intent: z.optional(intent),
  replaced: z.optional(fingerprint),
  killed: z.optional(fingerprint),
  compromised: z.optional(z.boolean()),
  since: seconds,
  n: count,
  note,
  reason: z.optional(z.string()),
  run: z.optional(z.string()),
});

/**
 * Reads the text of a state tag. A text that is not a JSON object counts as absent; the checks then go by the values.
 * @throws {UnexpectedAnswerError} for a state that this version of the app does not know, which may be an unfinished
 * compromise
 */
export function readState(text: string | undefined): RotationState {
  const json = parseJson(text ?? "");
  if (!("value" in json && isObject(json.value))) return NO_STATE;
  const { success, data } = schema.safeParse(json.value);
  if (!success) {
    throw new UnexpectedAnswerError(
      "the secret's RotationState tag was written by a newer version of this app, or changed by hand, so nothing is written; deploy the newer version again, or remove that tag if a person changed it",
    );
  }
  return {
    intent: data.intent && readIntent(data.intent),
    superseded: data.replaced,
    revoked: data.killed,
    byCompromise: data.compromised ?? false,
    compromisedAt: data.since === undefined ? undefined : data.since * 1000,
    earlier: data.n,
    note: readNote(data.note),
    reason: data.reason,
    run: data.run,
  };
}

/** The text of a state tag. A vault takes 512 characters; this stays below 450. */
export function formatState(state: RotationState): string {
  const { intent, superseded, revoked, byCompromise, compromisedAt, earlier, reason, run } = state;
  return JSON.stringify({
    v: VERSION,
    intent: intent && formatIntent(intent),
    replaced: superseded,
    killed: revoked,
    compromised: byCompromise || undefined,
    since: compromisedAt === undefined ? undefined : Math.floor(compromisedAt / 1000),
    n: earlier,
    note: formatNote(state.note),
    reason,
    run,
  } satisfies z.input<typeof schema>);
}

function readIntent(read: z.output<typeof intent>): Intent {
  const { key, was: previousFingerprint } = read;
  const since = read.since === undefined ? undefined : read.since * 1000;
  if (read.kind === "kill") return { kind: "revoke", key, previousFingerprint, since };
  const { run, compromised, n: earlier = 0 } = read;
  return {
    kind: "rotate",
    key,
    previousFingerprint,
    run,
    compromised,
    earlier,
    note: readNote(read.note),
    since,
  };
}

function formatIntent(written: Intent): z.input<typeof intent> {
  const { key, previousFingerprint: was } = written;
  const since = written.since === undefined ? undefined : Math.floor(written.since / 1000);
  if (written.kind === "revoke") return { kind: "kill", key, was, since };
  const { run, compromised, earlier: n } = written;
  return { kind: "rotate", key, was, run, compromised, since, n, note: formatNote(written.note) };
}

function readNote(read: z.output<typeof note>): NodesNote | undefined {
  if (read === undefined) return undefined;
  const [online, offline, seconds, key, earlier, finding] = read;
  return { online, offline, at: seconds * 1000, key, earlier, finding: finding ?? undefined };
}

function formatNote(taken: NodesNote | undefined): z.input<typeof note> {
  if (taken === undefined) return undefined;
  const { online, offline, at, key, earlier, finding } = taken;
  return [online, offline, Math.floor(at / 1000), key, earlier, finding ?? null];
}
