/** What a run is asked to do, by the timer or by a call. */
import type { RuntimeConfig } from "../config/runtimeEntry.ts";

/** A problem with a pattern's scope, to be reported. A failed scope counts like a failed runtime. */
export interface ScopeProblem {
  /** The pattern's id as configured. */
  readonly scope: string;
  readonly outcome: "failed" | "warning";
  readonly reason: string | undefined;
  readonly message: string;
}

export interface RunRequest {
  /** `compromised` is a call that declares both keys known to others. */
  readonly kind: "timer" | "on-demand" | "compromised";
  /** Each once, in the order in which they are reported. */
  readonly runtimes: readonly RuntimeConfig[];
  /** Problems with the patterns that were searched. */
  readonly scopes?: readonly ScopeProblem[] | undefined;
  /** How long the search took. It counts towards the run's time. */
  readonly discoveryMs?: number | undefined;
  /** Whether a caller named the runtimes one by one, so that they wait for no rollout. */
  readonly named: boolean;
  /** Who calls, where the platform has authenticated them. */
  readonly caller?: string | undefined;
  /** Report what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** A dry run for the status: nodes of every runtime are read, and failing to read them stops nothing. */
  readonly forStatus?: boolean;
}

/** The only part of a request that the checks depend on. */
export type RequestKind = RunRequest["kind"];

export type Trigger = "timer" | "http";

export function triggerOf({ kind }: Pick<RunRequest, "kind">): Trigger {
  return kind === "timer" ? "timer" : "http";
}
