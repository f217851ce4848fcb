import { randomUUID } from "node:crypto";
import { type Clock, Stopwatch } from "../clock.ts";
import type { RuntimeConfig } from "../config/config.ts";
import { LockedError, OutOfTimeError, ServiceError } from "../errors.ts";
import { type Request, secretShowsWork } from "../plan/plan.ts";
import type { Lease, Services } from "../services.ts";
import { apply } from "./apply.ts";
import { Deadline } from "./deadline.ts";
import { forecast } from "./forecast.ts";
import { type Observer, observeRuntime, observeSecret } from "./observe.ts";
import { type RuntimeOutcome, type Verdict, verdictOf } from "./outcome.ts";
import { newProgress, note, noteSecret, type Progress } from "./progress.ts";

/** The lease holds 60 s; the work under it may take this much, counted from before it is asked for. */
const BUDGET_MS = 55_000;

/** How long a compromise call waits for another run to end: a lease that nobody renews is over by then. */
const COMPROMISE_WAITS_MS = 65_000;
const COMPROMISE_ASKS_EVERY_MS = 3000;

export interface Assignment {
  readonly config: RuntimeConfig;
  readonly request: Request;
  readonly dryRun: boolean;
  /** No work on a runtime begins once this is over, nor is a lease asked for. */
  readonly start: Deadline;
  /** All work is over by the end of this. */
  readonly end: Deadline;
}

/**
 * One runtime, from looking to acting. The vault is read first: if it alone shows that there is work,
 * the lease is taken and ARM is asked only under it. Otherwise ARM is asked once without the lease, to
 * see drift, and what that finds is done under the lease after looking again.
 */
export async function reconcileRuntime(
  assignment: Assignment,
  services: Services,
  clock: Clock,
): Promise<RuntimeOutcome> {
  const { config, end } = assignment;
  const stopwatch = new Stopwatch(clock);
  const progress = newProgress();
  const observer: Observer = {
    config,
    runtimeKeys: services.runtimeKeys(config.id),
    secret: services.secret(config.vaultUrl, config.secretName),
    deadline: new Deadline(clock, BUDGET_MS, end),
    clock,
  };
  let regenerates: RuntimeOutcome["regenerates"] = progress.regenerated;
  let verdict: Verdict;
  try {
    requireStart(assignment);
    const looked = await look(assignment, observer, progress);
    regenerates = looked?.regenerates ?? regenerates;
    verdict = looked ?? (await work(assignment, observer, progress, services));
  } catch (error) {
    const { published, regenerated, compromise } = progress;
    verdict = verdictOf(error, published || regenerated.length > 0, compromise === "pending");
  }
  return {
    ...verdict,
    message: progress.notRetired
      ? `${verdict.message}; superseded versions stay enabled until the next publish: ${progress.notRetired}`
      : verdict.message,
    config,
    publishedKey: progress.publishedKey,
    version: progress.version,
    regenerates,
    compromised: progress.compromise !== "none",
    durationMs: Math.round(stopwatch.elapsed()),
  };
}

function requireStart({ start }: Pick<Assignment, "start">): void {
  if (start.left() > 0) return;
  throw new OutOfTimeError("the time in which this run may begin work on a runtime is over");
}

type Looked = Verdict & { readonly regenerates: RuntimeOutcome["regenerates"] };

/** Looks without the lease; undefined where there is work for it. */
async function look(
  { config, request, dryRun }: Assignment,
  observer: Observer,
  progress: Progress,
): Promise<Looked | undefined> {
  const { secret, now } = await observeSecret(observer);
  noteSecret(progress, secret, config.id);
  if (!dryRun && secretShowsWork(secret, config, request, now)) return undefined;
  const observation = { secret, now, runtime: await observeRuntime(observer, secret) };
  note(progress, observation, config.id);
  const foreseen = forecast(observation, config, request, now);
  const isNothingToDo = foreseen.outcome === "kept" || foreseen.outcome === "blocked";
  if (isNothingToDo) return foreseen;
  return dryRun ? { ...foreseen, message: `not done, this is a dry run: ${foreseen.message}` } : undefined;
}

async function work(
  assignment: Assignment,
  observer: Observer,
  progress: Progress,
  services: Services,
): Promise<Verdict> {
  const lease = await takeLease(assignment, observer, services);
  const { clock, deadline } = observer;
  try {
    return await apply({ ...observer, id: randomUUID(), lease, progress }, assignment.request);
  } finally {
    if (!progress.leaseMustRunOut) await release(lease, new Deadline(clock, Math.max(deadline.left(), 5000)));
  }
}

async function takeLease(
  { config, request, start }: Assignment,
  observer: Observer,
  services: Services,
): Promise<Lease> {
  const { clock, deadline } = observer;
  const waiting = new Deadline(clock, request === "compromised" ? COMPROMISE_WAITS_MS : 0, start);
  for (;;) {
    requireStart({ start });
    deadline.restart(BUDGET_MS);
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
