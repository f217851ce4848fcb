/** The work on one runtime in one run: what is asked, what was done so far, and its outcome. */
import { type Clock, Stopwatch } from "../clock.ts";
import type { RuntimeConfig } from "../config/config.ts";
import { OutOfTimeError } from "../errors.ts";
import type { Decision } from "../plan/decision.ts";
import type { RunRequest } from "../plan/runRequest.ts";
import { dueAt } from "../plan/schedule.ts";
import { namesRuntime } from "../plan/secretTags.ts";
import type { KeyName, Secret, Services } from "../services.ts";
import { RUNTIME_MS } from "../timeLimits.ts";
import { Deadline } from "./deadline.ts";
import { type Observer, observerOf } from "./observe.ts";
import { type RuntimeOutcome, type Verdict, verdictOfError } from "./outcome.ts";
import { newProgress, type Progress } from "./progress.ts";

/** What is asked of one runtime, and by when. */
export interface Task extends Pick<RunRequest, "kind" | "dryRun" | "named"> {
  readonly config: RuntimeConfig;
  readonly soakMs: number;
  readonly forStatus: boolean;
  /** No work on a runtime begins once this is over, nor is a lease asked for. */
  readonly start: Deadline;
  /** All work is over by the end of this. */
  readonly end: Deadline;
}

export interface RuntimeWork {
  readonly task: Task;
  readonly services: Services;
  readonly observer: Observer;
  readonly progress: Progress;
}

/** What a step comes to; `regenerates` where it only said what would be done. */
export type Told = Verdict & {
  readonly decision?: Decision;
  readonly regenerates?: readonly KeyName[];
};

export function newWork(task: Task, services: Services, clock: Clock): RuntimeWork {
  const observer = observerOf(task.config, services, clock, new Deadline(clock, RUNTIME_MS, task.end));
  return { task, services, observer, progress: newProgress() };
}

/** Takes a step, and turns whatever it throws into an outcome; undefined where the runtime waits for its turn. */
export async function outcomeOf(
  work: RuntimeWork,
  step: () => Promise<Told | undefined>,
): Promise<RuntimeOutcome | undefined> {
  const { task, progress, observer } = work;
  const stopwatch = new Stopwatch(observer.clock);
  observer.deadline.restart(RUNTIME_MS);
  let told: Told | undefined;
  try {
    requireStart(task);
    told = await step();
  } catch (error) {
    const { published, regenerated, compromise } = progress;
    told = verdictOfError(error, published || regenerated.length > 0, compromise === "pending");
  }
  progress.durationMs += stopwatch.elapsed();
  if (told === undefined) return undefined;
  const { outcome, reason, message, decision, regenerates = progress.regenerated } = told;
  return {
    outcome,
    reason,
    message: [message, ...progress.remarks, ...(progress.notRetired ? [progress.notRetired] : [])].join("; "),
    config: task.config,
    publishedKey: progress.publishedKey,
    version: progress.version,
    ...timesOf(progress.reading?.secret, task.config),
    decision,
    regenerates,
    nodes: progress.nodes,
    compromised: progress.compromise !== "none",
    durationMs: Math.round(progress.durationMs),
  };
}

/** What the secret alone tells, even where the keys cannot be listed. */
function timesOf(
  secret: Secret | undefined,
  config: RuntimeConfig,
): Pick<RuntimeOutcome, "publishedAt" | "dueAt" | "expiresAt"> {
  if (secret?.state !== "readable") return { publishedAt: undefined, dueAt: undefined, expiresAt: undefined };
  return {
    publishedAt: secret.createdOn,
    // What is due is counted from the first version of ours.
    dueAt: namesRuntime(secret, config.id) ? dueAt(secret, config) : undefined,
    expiresAt: secret.expiresOn,
  };
}

export function requireStart({ start }: Pick<Task, "start">): void {
  if (start.left() > 0) return;
  throw new OutOfTimeError("this run has no time left to begin work on a runtime");
}
