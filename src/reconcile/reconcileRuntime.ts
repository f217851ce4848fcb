/** One runtime in one run: what is done at once, and what waits for its turn. */
import { randomUUID } from "node:crypto";
import type { Decision } from "../plan/decision.ts";
import { isWatched } from "../plan/nodesNote.ts";
import { type ObservedRuntime, type ObservedSecret, observation, withFinding } from "../plan/observation.ts";
import { workBySecret } from "../plan/plan.ts";
import { MAY, type Turn } from "../plan/rollout.ts";
import { apply } from "./apply.ts";
import type { Brakes } from "./brakes.ts";
import { forecast } from "./forecast.ts";
import { LOOK, type Need, REPAIR, ROTATION } from "./need.ts";
import { observeRuntime, observeSecret } from "./observe.ts";
import type { Verdict } from "./outcome.ts";
import { noteObservation, noteSecret } from "./progress.ts";
import { type RuntimeWork, readingOf, stepAside, type Told } from "./runtimeWork.ts";
import { nextClass } from "./standings.ts";
import { underLease } from "./underLease.ts";
import { newFinding, readNodes, tryNodes, writeFinding } from "./watch.ts";

/** Until the places are given: everything that is not a rotation of the rollout is done first. */
const NOT_YET: Turn = { may: false, reason: "rollout", message: "waits for its turn" };

/** Reads the vault, which comes first: it alone may show that there is work. */
export async function readSecret({ observer, progress }: RuntimeWork): Promise<void> {
  noteSecret(progress, await observeSecret(observer));
}

/** What it takes to go on with a runtime whose secret was read. */
export function needOf(work: RuntimeWork): Need {
  const { config, kind, dryRun } = work.task;
  const decision = workBySecret(readingOf(work), config, kind);
  if (decision === undefined || dryRun) return LOOK;
  if (decision.action !== "rotate" || decision.reason === "compromised") return REPAIR;
  return work.task.named ? ROTATION : LOOK;
}

/**
 * Goes on with one runtime whose secret was read, and does all that need not wait for others. Where the secret shows
 * work, the lease is taken and the keys are listed only under it. Otherwise they are listed once without the lease, to
 * see drift, and what that finds is done under the lease after looking again.
 * @param brakes what holds scheduled rotations back, which a caller who names runtimes does not wait for, but is told
 * @returns undefined for a rotation that waits for its turn
 */
export async function begin(work: RuntimeWork, brakes?: Promise<Brakes>): Promise<Told | undefined> {
  const { progress } = work;
  const reading = readingOf(work);
  const told = await beginBy(work, reading);
  const rotationClass = nextClass(reading);
  if (told?.outcome === "rotated" && rotationClass !== undefined) {
    const brake = (await brakes)?.get(rotationClass);
    if (brake !== undefined) progress.remarks.push(`scheduled rotations like this one are ${brake}`);
  }
  return told;
}

async function beginBy(work: RuntimeWork, reading: ObservedSecret): Promise<Told | undefined> {
  const { task, observer, progress } = work;
  const { config, kind, named, dryRun } = task;
  const decision = workBySecret(reading, config, kind);
  const turn = named ? MAY : NOT_YET;
  if (!named && decision?.action === "rotate" && decision.reason !== "compromised") {
    await tryNodes(work);
    if (!progress.nodesFailure) return undefined;
  }
  const mayAct = decision !== undefined && !dryRun && !progress.nodesFailure;
  const told = mayAct ? await act(work, turn) : await preview(work, reading, turn);
  if (told.reason === "rollout") {
    // What an earlier run left is done, or came to nothing, and a rotation is due behind it.
    await readNodes(observer, progress, kind);
    return undefined;
  }
  const { reading: after, runtime } = progress;
  const isJudged = !mayAct || (told.outcome !== "kept" && told.reason !== "nodes-lost");
  if (isJudged || after === undefined || runtime === undefined) return told;
  // What an earlier run left came to nothing: its nodes are watched like those of any other.
  await watchNodes(work, after);
  return await conclude(work, after, runtime, turn);
}

/** Carries out what is decided under the lease. */
export async function act(work: RuntimeWork, turn: Turn): Promise<Verdict> {
  const { observer, progress, task } = work;
  await stepAside(work, REPAIR);
  return await underLease(work, (lease) =>
    apply({ ...observer, id: randomUUID(), lease, progress }, task.kind, turn),
  );
}

/** Looks at the keys without the lease, and acts only where that shows something to do. */
export async function preview(work: RuntimeWork, reading: ObservedSecret, turn: Turn): Promise<Told> {
  await watchNodes(work, reading);
  const { runtime } = await observeRuntime(work.observer, reading);
  return await conclude(work, reading, runtime, turn);
}

/** Looks at the nodes of a runtime that is watched; to show how things stand, at those of every other one too. */
async function watchNodes(work: RuntimeWork, reading: ObservedSecret): Promise<void> {
  const { task, progress } = work;
  const isWatchedNow = task.config.nodes === "watch" && isWatched(reading.state.note, reading.now);
  if (task.kind === "timer" && isWatchedNow) return await tryNodes(work);
  if (!task.forStatus || progress.nodesFailure) return;
  await tryNodes(work);
  // Who only looks is not stopped by nodes that nobody watches now.
  progress.nodesFailure = undefined;
}

/** What is to be done by all that was seen, and what the nodes show of the latest rotation. */
async function conclude(
  work: RuntimeWork,
  reading: ObservedSecret,
  runtime: ObservedRuntime,
  turn: Turn,
): Promise<Told> {
  const { task, progress } = work;
  const { config, kind, dryRun, soakMs } = task;
  const looked = observation(reading, runtime, progress.nodes);
  const finding = newFinding(looked, soakMs);
  const seen = finding === undefined ? looked : withFinding(looked, finding);
  noteObservation(progress, seen);
  const foreseen = forecast(seen, config, kind, turn);
  if (dryRun && foreseen.outcome === "rotated") await tryNodes(work);
  // Nobody asks for the nodes of what a person has to see to first, such as a runtime that is gone.
  if (foreseen.outcome === "blocked" && foreseen.reason !== "nodes-lost") progress.nodesFailure = undefined;
  if (progress.nodesFailure) {
    if (needsNodes(foreseen.decision)) throw progress.nodesFailure;
    progress.remarks.push(`its nodes could not be read: ${progress.nodesFailure.message}`);
  }
  const isNothingToDo = foreseen.outcome === "kept" || foreseen.outcome === "blocked";
  if (!isNothingToDo && !dryRun) return await act(work, turn);
  if (finding !== undefined && kind === "timer" && !dryRun) await writeFinding(work, reading, finding);
  return foreseen;
}

/** Repairs, and what was begun, are done whatever the nodes show. */
function needsNodes(decision: Decision): boolean {
  if (decision.action === "rotate") return decision.reason !== "compromised";
  return decision.action === "keep" || decision.action === "block";
}
