/** What can be decided about one runtime, and the facts that the checks decide by. */
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import type { BlockedReason } from "../errors.ts";
import { type KeyName, otherKey } from "../services.ts";
import type { Observation } from "./observation.ts";
import type { Turn } from "./rollout.ts";
import type { Intent, RotationState } from "./rotationState.ts";
import type { RequestKind } from "./runRequest.ts";

export type KeptReason =
  | "not-due"
  | "within-overlap"
  | "compromised-recently"
  | "rollout"
  | "braked"
  | "paused";

/** What is to be done about one runtime. Nothing branches on `message`, which is a sentence for people. */
export type Decision =
  | { readonly action: "block"; readonly reason: BlockedReason; readonly message: string }
  | {
      readonly action: "keep";
      readonly reason: KeptReason;
      readonly message: string;
    }
  | {
      readonly action: "publish";
      readonly reason: "first-contact" | "unfinished-rotation" | "drift";
      readonly key: KeyName;
      /** Fingerprint of the dead value that this replaces, where there is one. */
      readonly superseded: string | undefined;
      /** What remains of a declared compromise after this; the published version carries it. */
      readonly intent: Intent | undefined;
      /** What else the new version's state says: about the rotation that this finishes, or that drift undid. */
      readonly state: Pick<RotationState, "byCompromise" | "compromisedAt" | "earlier" | "note">;
      readonly message: string;
    }
  | {
      readonly action: "rotate";
      readonly reason: "on-demand" | "due" | "compromised";
      readonly key: KeyName;
      /** Since when the keys are declared compromised, in milliseconds since the epoch. */
      readonly since: number | undefined;
      readonly message: string;
    }
  /** The second half of a compromise: regenerates the alternate key without publishing it. */
  | {
      readonly action: "revoke";
      readonly reason: "compromised";
      readonly key: KeyName;
      readonly message: string;
    }
  /** Removes an intent that has nothing left to do, then plans again. */
  | { readonly action: "clearIntent"; readonly message: string };

/** What the checks decide by. */
export interface Facts extends Observation {
  readonly intent: Intent | undefined;
  /** Whether the keys are declared compromised, by this call or by an earlier one that is unfinished. */
  readonly compromised: boolean;
  readonly config: RuntimeConfig;
  readonly kind: RequestKind;
  /** Whether a rotation of the rollout may begin. */
  readonly turn: Turn;
}

/** The keys that a decision regenerates before its run is over, in their order. */
export function regeneratedBy(decision: Decision): readonly KeyName[] {
  switch (decision.action) {
    case "revoke":
      return [decision.key];
    case "rotate":
      return decision.reason === "compromised" ? [decision.key, otherKey(decision.key)] : [decision.key];
    case "publish":
      if (decision.intent === undefined) return [];
      // What is published does not satisfy a compromise: the same run goes on to regenerate.
      return decision.intent.kind === "revoke"
        ? [decision.intent.key]
        : [otherKey(decision.key), decision.key];
    default:
      return [];
  }
}

export function block(reason: BlockedReason, message: string): Decision {
  return { action: "block", reason, message };
}
