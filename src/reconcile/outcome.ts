/** Turns a decision, or an error, into a runtime's outcome. */
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import {
  type BlockedReason,
  type FailedReason,
  LockedError,
  NodesRefusedError,
  OutOfTimeError,
  ServiceError,
  type ServiceErrorReason,
  UnexpectedAnswerError,
  VerificationError,
} from "../errors.ts";
import type { Decision } from "../plan/decision.ts";
import type { KeyName, RuntimeNode } from "../services.ts";

export type Outcome = "rotated" | "published" | "kept" | "deferred" | "blocked" | "failed";

/** A decision that is an outcome once it is carried out. */
type FinalDecision = Exclude<Decision, { action: "clearIntent" }>;

export type Reason = FinalDecision["reason"] | "locked" | "out-of-time" | BlockedReason | FailedReason;

export interface Verdict {
  readonly outcome: Outcome;
  readonly reason: Reason;
  /** One sentence for people; nothing branches on it. */
  readonly message: string;
}

/** What became of one runtime in one run. */
export interface RuntimeOutcome extends Verdict {
  readonly config: RuntimeConfig;
  /** The key and the version that the secret names at the end of the run; undefined where unknown. */
  readonly publishedKey: KeyName | undefined;
  readonly version: string | undefined;
  /** Of that version, in milliseconds since the epoch. */
  readonly publishedAt: number | undefined;
  readonly dueAt: number | undefined;
  readonly expiresAt: number | undefined;
  /** When the secret was last read, by the vault's clock. */
  readonly seenAt: number | undefined;
  /** The first decision; set only if it was not carried out. */
  readonly decision: Decision | undefined;
  /** The nodes, as they were before a rotation; undefined if they were not asked for or could not be read. */
  readonly nodes: readonly RuntimeNode[] | undefined;
  /** The keys that were regenerated or, in a dry run, would be. */
  readonly regenerates: readonly KeyName[];
  /** Whether the secret held a declared compromise at any time of the run. */
  readonly compromised: boolean;
  readonly durationMs: number;
}

const outcomes: Readonly<Record<FinalDecision["action"], Outcome>> = {
  block: "blocked",
  keep: "kept",
  publish: "published",
  rotate: "rotated",
  revoke: "rotated",
};

/** What a decision comes to once it is carried out. */
export function verdictOf({ action, reason, message }: FinalDecision): Verdict {
  return { outcome: outcomes[action], reason, message };
}

/** What a run comes to that begins with this decision: one that publishes in a compromise goes on to regenerate. */
export function foreseenVerdict(decision: FinalDecision): Verdict {
  const verdict = verdictOf(decision);
  const goesOn = decision.action === "publish" && decision.intent !== undefined;
  return goesOn ? { ...verdict, outcome: "rotated", reason: "compromised" } : verdict;
}

const blockedReasons: ReadonlySet<ServiceErrorReason> = new Set([
  "runtime-missing",
  "secret-disabled",
  "secret-deleted",
]);

/**
 * What an error means for the runtime it happened to.
 * @param changed whether anything was regenerated or published before it: the outcome is not `deferred` then
 * @param declared whether the secret holds a compromise, which the next run finishes in any case
 */
export function verdictOfError(error: unknown, changed: boolean, declared = false): Verdict {
  if (error instanceof ServiceError) {
    const outcome = blockedReasons.has(error.reason) ? "blocked" : "failed";
    return { outcome, reason: error.reason, message: error.message };
  }
  if (error instanceof UnexpectedAnswerError) {
    return { outcome: "failed", reason: "unexpected-response", message: error.message };
  }
  if (error instanceof NodesRefusedError) {
    return { outcome: "failed", reason: "access-denied", message: error.message };
  }
  if (error instanceof VerificationError) {
    return { outcome: "failed", reason: "verification-failed", message: error.message };
  }
  if (error instanceof OutOfTimeError || error instanceof LockedError) {
    if (changed) {
      return {
        outcome: "failed",
        reason: "unavailable",
        message: `${error.message}; the next run finishes what was begun`,
      };
    }
    const done = declared
      ? "a compromise is declared in the secret, and the next run finishes it: the timer comes back by itself, a repeated call finishes it at once"
      : "nothing of this request was done: the timer comes back by itself, a call must be repeated";
    return {
      outcome: "deferred",
      reason: error instanceof LockedError ? "locked" : "out-of-time",
      message: `${error.message}; ${done}`,
    };
  }
  // The text of an unexpected error may hold anything, so only its name is reported.
  const kind = error instanceof Error ? error.name : typeof error;
  return {
    outcome: "failed",
    reason: "bug",
    message: `an unexpected ${kind} stopped this run; this is a bug in the app, please report it; the next tick tries again`,
  };
}
