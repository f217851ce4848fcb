import * as z from "zod/mini";
import { KEY_NAMES, type KeyName, type Tags } from "../services.ts";

/** The one tag of ours beside the three of the contract: what a run is about to do, and what it replaced. */
export const STATE_TAG = "RotationState";

/** Run id of a compromise that is declared but that no run has begun. */
export const NO_RUN = "";

/**
 * Written before a key is regenerated, so that whoever comes after a crash knows what was begun.
 * `was` is the fingerprint of the key's value before.
 */
export type Intent =
  | {
      readonly kind: "rotate";
      readonly key: KeyName;
      readonly was: string;
      readonly run: string;
      readonly compromised: boolean;
    }
  | { readonly kind: "kill"; readonly key: KeyName; readonly was: string };

export interface RotationState {
  readonly intent: Intent | undefined;
  /** Fingerprint of the dead value that this version's value replaced: a listing that shows it is stale. */
  readonly replaced: string | undefined;
  /** Fingerprint of the value that the second half of a compromise killed after that: just as dead. */
  readonly killed: string | undefined;
}

const key = z.enum(KEY_NAMES);
const fingerprint = z.string();
const intent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("rotate"), key, was: fingerprint, run: z.string(), compromised: z.boolean() }),
  z.object({ kind: z.literal("kill"), key, was: fingerprint }),
]);
const schema = z.object({
  intent: z.optional(intent),
  replaced: z.optional(fingerprint),
  killed: z.optional(fingerprint),
});

/** A tag that a person has changed beyond recognition says nothing: the checks go by the values then. */
export function readState(tags: Tags): RotationState {
  const parsed = schema.safeParse(parseJson(tags[STATE_TAG]));
  return { intent: parsed.data?.intent, replaced: parsed.data?.replaced, killed: parsed.data?.killed };
}

export function formatState(state: RotationState): string {
  return JSON.stringify(state);
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
