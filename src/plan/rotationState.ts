/** The state tag of a secret: what a run is about to do, and what the versions before it left behind. */
import * as z from "zod/mini";
import { UnexpectedAnswerError } from "../errors.ts";
import { KEY_NAMES, type KeyName } from "../services.ts";

/** Run id of a compromise that is declared but that no run has begun. */
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
  /** Whether a compromise published this version. */
  readonly byCompromise: boolean;
}

export const NO_STATE: RotationState = {
  intent: undefined,
  superseded: undefined,
  revoked: undefined,
  byCompromise: false,
};

/** Of what is written, for whoever reads it with another version of this app. */
const VERSION = 1;

const key = z.enum(KEY_NAMES);
const fingerprint = z.string();
const seconds = z.optional(z.number());
const intent = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("rotate"),
    key,
    was: fingerprint,
    run: z.string(),
    compromised: z.boolean(),
    since: seconds,
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
});

/**
 * Reads the text of a state tag; what is no JSON object says nothing, and the checks go by the values then.
 * @throws {UnexpectedAnswerError} for a state that this version of the app does not know: it may be a compromise that is unfinished
 */
export function readState(text: string | undefined): RotationState {
  const json = parseObject(text);
  if (json === undefined) return NO_STATE;
  const { success, data } = schema.safeParse(json);
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
  };
}

/** The text of a state tag. Key Vault takes 512 characters; this stays below 450. */
export function formatState({ intent, superseded, revoked, byCompromise }: RotationState): string {
  return JSON.stringify({
    v: VERSION,
    intent: intent && formatIntent(intent),
    replaced: superseded,
    killed: revoked,
    compromised: byCompromise || undefined,
  } satisfies z.input<typeof schema>);
}

function readIntent(read: z.output<typeof intent>): Intent {
  const { key, was: previousFingerprint } = read;
  const since = read.since === undefined ? undefined : read.since * 1000;
  return read.kind === "kill"
    ? { kind: "revoke", key, previousFingerprint, since }
    : { kind: "rotate", key, previousFingerprint, run: read.run, compromised: read.compromised, since };
}

function formatIntent(written: Intent): z.input<typeof intent> {
  const { key, previousFingerprint: was } = written;
  const since = written.since === undefined ? undefined : Math.floor(written.since / 1000);
  return written.kind === "revoke"
    ? { kind: "kill", key, was, since }
    : { kind: "rotate", key, was, run: written.run, compromised: written.compromised, since };
}

function parseObject(text: string | undefined): object | undefined {
  try {
    const json: unknown = JSON.parse(text ?? "");
    return typeof json === "object" && json !== null && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
