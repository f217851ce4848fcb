import pLimit from "p-limit";
import { type Clock, Stopwatch } from "../clock.ts";
import { type RunRequest, triggerOf } from "../plan/runRequest.ts";
import type { Services } from "../services.ts";
import { RUN_MS } from "../timeLimits.ts";
import { Deadline } from "./deadline.ts";
import type { RuntimeOutcome } from "./outcome.ts";
import { reconcileRuntime } from "./reconcileRuntime.ts";

export interface RunOptions {
  readonly clock: Clock;
  /** How many runtimes are worked on at once. */
  readonly concurrency: number;
  /** Is told of each outcome as soon as it is known, so that a host that is torn down later loses none. */
  readonly onOutcome?: (outcome: RuntimeOutcome) => void;
}

export interface RunResult {
  readonly request: RunRequest;
  /** In the order of the request. */
  readonly runtimes: readonly RuntimeOutcome[];
  readonly durationMs: number;
}

/** Every runtime has its turn, a few at a time; none can stop another. */
export async function reconcile(
  request: RunRequest,
  services: Services,
  { clock, concurrency, onOutcome }: RunOptions,
): Promise<RunResult> {
  const { kind, dryRun } = request;
  const stopwatch = new Stopwatch(clock);
  const { startWithinMs, endWithinMs } = RUN_MS[triggerOf(request)];
  const start = new Deadline(clock, startWithinMs);
  const end = new Deadline(clock, endWithinMs);
  const runtimes = await pLimit(concurrency).map(request.runtimes, async (config) => {
    const outcome = await reconcileRuntime({ config, kind, dryRun, start, end }, services, clock);
    onOutcome?.(outcome);
    return outcome;
  });
  return { request, runtimes, durationMs: Math.round(stopwatch.elapsed()) };
}
