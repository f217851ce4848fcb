/** The work on one runtime in one run: what is requested, what was done so far, and its outcome. */
import { type Clock, Stopwatch } from "../clock.ts";
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import { OutOfTimeError } from "../errors.ts";
import type { Decision } from "../plan/decision.ts";
import type { ObservedSecret } from "../plan/observation.ts";
import type { RunRequest } from "../plan/runRequest.ts";
import { dueAt } from "../plan/schedule.ts";
import { namesRuntime } from "../plan/secretTags.ts";
import type { KeyName, Secret, Services } from "../services.ts";
import { RUNTIME_MS } from "../timeLimits.ts";
import { Admission } from "./admission.ts";
import { Deadline } from "./deadline.ts";
import type { Need } from "./need.ts";
import { type Observer, observerOf } from "./observe.ts";
import { type RuntimeOutcome, type Verdict, verdictOfError } from "./outcome.ts";
import type { Pace } from "./pace.ts";
import { newProgress, type Progress } from "./progress.ts";
import type { Lane } from "./slots.ts";

/** What a run's request means for one runtime, and by when. */
export interface RuntimeRequest extends Pick<RunRequest, "kind" | "dryRun" | "forStatus" | "named"> {
  readonly config: RuntimeConfig;
  readonly soakMs: number;
  /** No work on a runtime starts later, and no lease is requested. */
  readonly start: Deadline;
  /** All work ends by then. */
  readonly end: Deadline;
}

export interface RuntimeWork {
  readonly request: RuntimeRequest;
  readonly services: Services;
  readonly observer: Observer;
  readonly progress: Progress;
  readonly admission: Admission;
}

/** The result of a step. `decision` and `regenerates` are set if it only foretold. */
export type StepResult = Verdict & {
  readonly decision?: Decision;
  readonly regenerates?: readonly KeyName[];
};

export function newWork(request: RuntimeRequest, services: Services, clock: Clock, pace: Pace): RuntimeWork {
  const observer = observerOf(request.config, services, clock, new Deadline(clock, RUNTIME_MS, request.end));
  const admission = new Admission(pace, laneOf(request), request.config);
  return { request, services, observer, progress: newProgress(), admission };
}

/** Somebody waits for a call's answer, even if it only asks what the timer would do. */
function laneOf({ kind, dryRun }: RuntimeRequest): Lane {
  if (kind === "compromised") return kind;
  return kind === "timer" && !dryRun ? "timer" : "call";
}

/**
 * Takes a step in its turn and turns whatever it throws into an outcome; undefined if there is more to do.
 * @param until no step starts later
 */
export async function outcomeOf(
  work: RuntimeWork,
  need: Need,
  step: () => Promise<StepResult | undefined>,
  until: Deadline = work.request.start,
): Promise<RuntimeOutcome | undefined> {
  const { request, progress, observer, admission } = work;
  await admission.enter(need, until);
  const stopwatch = new Stopwatch(observer.clock);
  observer.deadline.restart(RUNTIME_MS);
  let result: StepResult | undefined;
  try {
    requireStart(until);
    result = await step();
  } catch (error) {
    const { published, regenerated, compromise } = progress;
    result = verdictOfError(error, published || regenerated.length > 0, compromise === "pending");
  } finally {
    admission.leave();
  }
  progress.durationMs += stopwatch.elapsed();
  if (result === undefined) return undefined;
  const { outcome, reason, message, decision, regenerates = progress.regenerated } = result;
  return {
    outcome,
    reason,
    message: [message, ...progress.remarks, ...(progress.notRetired ? [progress.notRetired] : [])].join("; "),
    config: request.config,
    publishedKey: progress.publishedKey,
    version: progress.version,
    ...timesOf(progress.reading?.secret, request.config),
    seenAt: progress.reading?.now,
    decision,
    regenerates,
    nodes: progress.nodes,
    compromised: progress.compromise !== "none",
    durationMs: Math.round(progress.durationMs),
  };
}

/** What the secret alone shows, even if the keys cannot be listed. */
function timesOf(
  secret: Secret | undefined,
  config: RuntimeConfig,
): Pick<RuntimeOutcome, "publishedAt" | "dueAt" | "expiresAt"> {
  if (secret?.state !== "readable") return { publishedAt: undefined, dueAt: undefined, expiresAt: undefined };
  return {
    publishedAt: secret.createdOn,
    // The schedule starts with the first version that this app published.
    dueAt: namesRuntime(secret, config.id) ? dueAt(secret, config) : undefined,
    expiresAt: secret.expiresOn,
  };
}

/** What was read from its secret, which is always read first. */
export function readingOf({ progress }: RuntimeWork): ObservedSecret {
  if (progress.reading === undefined) throw new Error("the secret is read before anything else");
  return progress.reading;
}

/** Queues again for work that needs more than was reserved. Waiting does not count as duration. */
export async function stepAside(
  { admission, observer, progress, request }: RuntimeWork,
  need: Need,
): Promise<void> {
  const waiting = new Stopwatch(observer.clock);
  await admission.needs(need, request.start);
  progress.durationMs -= waiting.elapsed();
}

export function requireStart(start: Deadline): void {
  if (start.left() > 0) return;
  throw new OutOfTimeError("this run has no time left to begin work on a runtime");
}
