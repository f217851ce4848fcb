/** What the timer or a caller asks of a run. */
import type { RuntimeConfig } from "../config/config.ts";

/** What is to be told of the scope of a pattern. One that failed counts like a runtime that did. */
export interface ScopeProblem {
  /** The pattern's id as configured. */
  readonly scope: string;
  readonly outcome: "failed" | "warning";
  readonly reason: string | undefined;
  readonly message: string;
}

/** What a run is asked to do, by the timer or by a call. */
export interface RunRequest {
  /** `compromised` is a call that declares both keys known to others. */
  readonly kind: "timer" | "on-demand" | "compromised";
  /** Each once, in the order in which they are reported. */
  readonly runtimes: readonly RuntimeConfig[];
  /** Of the patterns by which they were found. */
  readonly scopes?: readonly ScopeProblem[] | undefined;
  /** How long it took to find them, which counts into the time that the run may take. */
  readonly discoveryMs?: number | undefined;
  /** Whether a caller named the runtimes one by one, so that they wait for no rollout. */
  readonly named: boolean;
  /** Who calls, where the platform has authenticated them. */
  readonly caller?: string | undefined;
  /** Says what would be done, and does nothing of it. */
  readonly dryRun: boolean;
}

/** Why a run looks at a runtime. */
export type RequestKind = RunRequest["kind"];

export type Trigger = "timer" | "http";

export function triggerOf({ kind }: Pick<RunRequest, "kind">): Trigger {
  return kind === "timer" ? "timer" : "http";
}
