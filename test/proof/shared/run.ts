/** The one place where proofs call the production code's runs, and read what it says of them. */
import type { Clock } from "../../../src/clock.ts";
import type { RuntimeConfig } from "../../../src/config/runtimeEntry.ts";
import type { RequestKind, ScopeProblem } from "../../../src/plan/runRequest.ts";
import type { RuntimeOutcome } from "../../../src/reconcile/outcome.ts";
import { Pace } from "../../../src/reconcile/pace.ts";
import { type RunResult, reconcile } from "../../../src/reconcile/reconcile.ts";
import { failureOf, httpAnswer } from "../../../src/report/report.ts";
import type { Services } from "../../../src/services.ts";
import { logLines } from "../../support/logLines.ts";

export { readFleet } from "../../../src/functions/readFleet.ts";
export type { Reason } from "../../../src/reconcile/outcome.ts";
export type { RequestKind, RunResult, RuntimeOutcome };

/** The default of the setting. */
export const SOAK_MS = 20 * 3_600_000;

/** What a run is asked to do, by the timer or by a call. */
export interface Asked {
  readonly request: RequestKind;
  readonly runtimes: readonly RuntimeConfig[];
  readonly dryRun?: boolean;
  readonly concurrency?: number;
  /** What is wrong with the patterns that were to find them. */
  readonly scopes?: readonly ScopeProblem[];
  /** How long it took to find them. */
  readonly discoveryMs?: number;
}

/** @param pace of the process whose run it is; without one, it has a process of its own */
export function run(asked: Asked, services: Services, clock: Clock, pace?: Pace): Promise<RunResult> {
  const { request: kind, runtimes, dryRun = false, concurrency = 1, scopes = [], discoveryMs = 0 } = asked;
  const request = { kind, runtimes, scopes, discoveryMs, named: kind !== "timer", dryRun };
  const options = { clock, pace: pace ?? new Pace(clock, concurrency), soakMs: SOAK_MS };
  return reconcile(request, services, options);
}

/** Everything that a run logs, answers or throws. */
export function textOf(result: RunResult): string {
  return JSON.stringify([logLines(result), httpAnswer(result), failureOf(result)]);
}

/** Whether a text holds a value of a key or a token as it is: all that are made up say FAKE. */
export function showsSecret(text: string): boolean {
  return /IR@|FAKE/.test(text);
}
