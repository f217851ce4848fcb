/** One run over all runtimes that it was asked for. */
import pLimit from "p-limit";
import { type Clock, Stopwatch } from "../clock.ts";
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import type { Standing } from "../plan/rollout.ts";
import { type RunRequest, triggerOf } from "../plan/runRequest.ts";
import type { Services } from "../services.ts";
import { BRAKES_MS, RUN_MS } from "../timeLimits.ts";
import { groupOf } from "./admission.ts";
import { readBrakes } from "./brakes.ts";
import { Deadline } from "./deadline.ts";
import { LOOK } from "./need.ts";
import type { RuntimeOutcome } from "./outcome.ts";
import type { Pace } from "./pace.ts";
import { begin } from "./reconcileRuntime.ts";
import { rollOut } from "./rollOut.ts";
import { newWork, outcomeOf, type RuntimeWork } from "./runtimeWork.ts";
import { standingAfter } from "./standings.ts";

export interface RunOptions {
  readonly clock: Clock;
  /** Shared by all runs of a process. */
  readonly pace: Pace;
  /** All known runtimes, so that a call that names some can report a brake; empty where that does not matter. */
  readonly fleet?: readonly RuntimeConfig[];
  /** How long the nodes of a rotated runtime must have stayed online before that rotation counts as harmless. */
  readonly soakMs: number;
  /** Called with each outcome as soon as it is known, so that none is lost if the host stops the run later. */
  readonly onOutcome?: (outcome: RuntimeOutcome) => void;
}

/** What is kept after a look. */
interface LookResult {
  readonly standing: Standing | undefined;
  /** A rotation that waits for its turn. */
  readonly waiting: RuntimeWork | undefined;
}

export interface RunResult {
  readonly request: RunRequest;
  /** In the order of the request. */
  readonly runtimes: readonly RuntimeOutcome[];
  /** When to ask again for what was deferred. */
  readonly repeatAfterMs: number;
  readonly durationMs: number;
}

/**
 * One run, in which no runtime can stop another:
 *
 * 1. look at every runtime, and do everything that is not a scheduled rotation, before looking at others,
 * 2. give the places of the rollout, once,
 * 3. rotate those that have a place, longest overdue first; look at the others for drift.
 *
 * Runtimes that the last run did not reach come first.
 */
export async function reconcile(
  request: RunRequest,
  services: Services,
  { clock, pace, fleet = [], soakMs, onOutcome }: RunOptions,
): Promise<RunResult> {
  const { kind, named, dryRun, forStatus = false, discoveryMs = 0 } = request;
  const stopwatch = new Stopwatch(clock);
  const { lookWithinMs, startWithinMs, endWithinMs } = RUN_MS[forStatus ? "status" : triggerOf(request)];
  const within = (ms: number, outer?: Deadline) => new Deadline(clock, ms - discoveryMs, outer);
  const start = within(startWithinMs);
  const look = named ? start : within(lookWithinMs, start);
  const end = within(endWithinMs);
  const workOn = (config: RuntimeConfig, until: Deadline) =>
    newWork({ config, kind, named, dryRun, soakMs, forStatus, start, end: until }, services, clock, pace);
  const outcomes = new Map<RuntimeConfig, RuntimeOutcome>();
  const report = (outcome: RuntimeOutcome) => {
    outcomes.set(outcome.config, outcome);
    onOutcome?.(outcome);
  };
  // A single runtime has no others to be held back by.
  const others = named && fleet.length > 1 ? fleet.filter(({ nodes }) => nodes === "watch") : [];
  const inTime = new Deadline(clock, BRAKES_MS);
  const brakes = readBrakes(others, (config) => workOn(config, inTime), pace.slots.count);
  const looked = new Map<RuntimeConfig, LookResult>();
  const lookAt = async (config: RuntimeConfig) => {
    const work = workOn(config, end);
    const known = config.nodes === "watch" ? brakes : undefined;
    const outcome = await outcomeOf(work, LOOK, () => begin(work, known), look);
    // Finished work is dropped, so that a large fleet needs no more memory than a small one.
    looked.set(config, { standing: standingAfter(work, !outcome), waiting: outcome ? undefined : work });
    if (outcome) report(outcome);
  };
  // Of each group, start no more than can soon have a turn: waiting work takes memory.
  const groups = Map.groupBy(pace.unreachedFirst(request.runtimes), groupOf).values();
  await Promise.all([...groups].map((group) => pLimit(2 * pace.slots.count).map(group, lookAt)));
  const isComplete = !request.scopes?.some(({ outcome }) => outcome === "failed");
  const inOrder = request.runtimes.flatMap((config) => looked.get(config) ?? []);
  const waiting = inOrder.flatMap((one) => one.waiting ?? []);
  if (waiting.length > 0) {
    const standings = inOrder.flatMap(({ standing }) => standing ?? []);
    await rollOut(standings, waiting, isComplete, report);
  }
  if (!dryRun) pace.noteUnreached(outcomes.values());
  return {
    request,
    runtimes: request.runtimes.flatMap((config) => outcomes.get(config) ?? []),
    repeatAfterMs: pace.repeatAfterMs(outcomes.values()),
    durationMs: Math.round(stopwatch.elapsed()),
  };
}
