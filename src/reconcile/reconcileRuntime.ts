import { randomUUID } from "node:crypto";
import { type Clock, Stopwatch } from "../clock.ts";
import type { RuntimeConfig } from "../config/config.ts";
import { LockedError, OutOfTimeError, ServiceError } from "../errors.ts";
import { secretShowsWork } from "../plan/plan.ts";
import type { RunRequest } from "../plan/runRequest.ts";
import type { KeyName, Lease, Services } from "../services.ts";
import { COMPROMISE_ASKS_EVERY_MS, COMPROMISE_WAITS_MS, RELEASE_MS, RUNTIME_MS } from "../timeLimits.ts";
import { apply } from "./apply.ts";
import { Deadline } from "./deadline.ts";
import { forecast } from "./forecast.ts";
import { type Observer, observeRuntime, observerOf, observeSecret } from "./observe.ts";
import { type RuntimeOutcome, type Verdict, verdictOfError } from "./outcome.ts";
import { newProgress, noteObservation, noteSecret, type Progress } from "./progress.ts";

/** What is asked of one runtime, and by when. */
interface Task extends Pick<RunRequest, "kind" | "dryRun"> {
  readonly config: RuntimeConfig;
  /** No work on a runtime begins once this is over, nor is a lease asked for. */
  readonly start: Deadline;
  /** All work is over by the end of this. */
  readonly end: Deadline;
}

/**
 * One runtime, from looking to acting. The vault is read first: if it alone shows that there is work,
 * the lease is taken and the keys are listed only under it. Otherwise they are listed once without the
 * lease, to see drift, and what that finds is done under the lease after looking again.
 */
export async function reconcileRuntime(
  task: Task,
  services: Services,
  clock: Clock,
): Promise<RuntimeOutcome> {
  const { config, end } = task;
  const stopwatch = new Stopwatch(clock);
  const progress = newProgress();
  const observer = observerOf(config, services, clock, new Deadline(clock, RUNTIME_MS, end));
  let regenerates: readonly KeyName[] = progress.regenerated;
  let verdict: Verdict;
  try {
    requireStart(task);
    const previewed = await preview(task, observer, progress);
    regenerates = previewed?.regenerates ?? regenerates;
    verdict = previewed ?? (await runUnderLease(task, observer, progress, services));
  } catch (error) {
    const { published, regenerated, compromise } = progress;
    verdict = verdictOfError(error, published || regenerated.length > 0, compromise === "pending");
  }
  const { outcome, reason, message } = verdict;
  return {
    outcome,
    reason,
    message: progress.notRetired
      ? `${message}; superseded versions stay enabled until the next publish: ${progress.notRetired}`
      : message,
    config,
    publishedKey: progress.publishedKey,
    version: progress.version,
    regenerates,
    compromised: progress.compromise !== "none",
    durationMs: Math.round(stopwatch.elapsed()),
  };
}

function requireStart({ start }: Pick<Task, "start">): void {
  if (start.left() > 0) return;
  throw new OutOfTimeError("the time in which this run may begin work on a runtime is over");
}

/** Looks without the lease; undefined where there is work for it. */
async function preview(
  { config, kind, dryRun }: Task,
  observer: Observer,
  progress: Progress,
): Promise<(Verdict & { readonly regenerates: readonly KeyName[] }) | undefined> {
  const reading = await observeSecret(observer);
  noteSecret(progress, reading);
  if (!dryRun && secretShowsWork(reading, config, kind)) return undefined;
  const seen = await observeRuntime(observer, reading);
  noteObservation(progress, seen);
  const foreseen = forecast(seen, config, kind);
  const isNothingToDo = foreseen.outcome === "kept" || foreseen.outcome === "blocked";
  if (isNothingToDo) return foreseen;
  return dryRun ? { ...foreseen, message: `not done, this is a dry run: ${foreseen.message}` } : undefined;
}

async function runUnderLease(
  task: Task,
  observer: Observer,
  progress: Progress,
  services: Services,
): Promise<Verdict> {
  const lease = await takeLease(task, observer, services);
  const { clock, deadline } = observer;
  try {
    return await apply({ ...observer, id: randomUUID(), lease, progress }, task.kind);
  } finally {
    if (!progress.leaseMustRunOut) {
      await release(lease, new Deadline(clock, Math.max(deadline.left(), RELEASE_MS)));
    }
  }
}

async function takeLease({ kind, start }: Task, observer: Observer, services: Services): Promise<Lease> {
  const { config, clock, deadline } = observer;
  const waiting = new Deadline(clock, kind === "compromised" ? COMPROMISE_WAITS_MS : 0, start);
  for (;;) {
    requireStart({ start });
    deadline.restart(RUNTIME_MS);
    const lease = await services.locks.acquire(config.id, deadline.forRead());
    if (lease) return lease;
    if (waiting.left() < COMPROMISE_ASKS_EVERY_MS) {
      throw new LockedError("another run works on this runtime");
    }
    await clock.sleep(COMPROMISE_ASKS_EVERY_MS);
  }
}

/** A lease that cannot be given back runs out by itself: that is no failure of the run. */
async function release(lease: Lease, deadline: Deadline): Promise<void> {
  try {
    await lease.release(deadline.forRead());
  } catch (error) {
    if (!(error instanceof ServiceError || error instanceof OutOfTimeError)) throw error;
  }
}
