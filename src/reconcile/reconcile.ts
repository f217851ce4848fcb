import pLimit from "p-limit";
import { type Clock, Stopwatch } from "../clock.ts";
import type { RuntimeConfig } from "../config/config.ts";
import type { Request } from "../plan/plan.ts";
import type { Services } from "../services.ts";
import { Deadline } from "./deadline.ts";
import type { RuntimeOutcome } from "./outcome.ts";
import { reconcileRuntime } from "./reconcileRuntime.ts";

export type Trigger = "timer" | "http";

interface TimeLimits {
  /** No runtime is begun after this. */
  readonly startWithinMs: number;
  /** Everything begun is over by this: before the platform cuts an HTTP answer (230 s) or a timer (30 min). */
  readonly endWithinMs: number;
}

const timeLimits: Record<Trigger, TimeLimits> = {
  http: { startWithinMs: 95_000, endWithinMs: 200_000 },
  timer: { startWithinMs: 25 * 60_000, endWithinMs: 28 * 60_000 },
};

export interface RunRequest {
  readonly trigger: Trigger;
  readonly runtimes: readonly RuntimeConfig[];
  readonly request: Request;
  readonly dryRun: boolean;
  readonly concurrency: number;
}

export interface RunResult {
  readonly runtimes: readonly RuntimeOutcome[];
  readonly durationMs: number;
}

/** Every runtime has its turn, a few at a time; none can stop another. */
export async function reconcile(
  { trigger, runtimes, request, dryRun, concurrency }: RunRequest,
  services: Services,
  clock: Clock,
): Promise<RunResult> {
  const stopwatch = new Stopwatch(clock);
  const { startWithinMs, endWithinMs } = timeLimits[trigger];
  const start = new Deadline(clock, startWithinMs);
  const end = new Deadline(clock, endWithinMs);
  const limit = pLimit(concurrency);
  const outcomes = await limit.map(runtimes, (config) =>
    reconcileRuntime({ config, request, dryRun, start, end }, services, clock),
  );
  return { runtimes: outcomes, durationMs: Math.round(stopwatch.elapsed()) };
}
