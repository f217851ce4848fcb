/** One runtime in one run: what is done at once, and what waits for its turn. */
import { randomUUID } from "node:crypto";
import type { Decision } from "../plan/decision.ts";
import { newFinding, withFinding } from "../plan/finding.ts";
import { isWatched } from "../plan/nodesNote.ts";
import { type ObservedRuntime, type ObservedSecret, observation } from "../plan/observation.ts";
import { workBySecret } from "../plan/plan.ts";
import { ALLOWED, nextClass, type Turn } from "../plan/rollout.ts";
import { apply } from "./apply.ts";
import type { Brakes } from "./brakes.ts";
import { forecast } from "./forecast.ts";
import { REPAIR } from "./need.ts";
import { observeRuntime, observeSecret } from "./observe.ts";
import type { Verdict } from "./outcome.ts";
import { noteObservation, noteSecret } from "./progress.ts";
import { type RuntimeWork, type StepResult, stepAside } from "./runtimeWork.ts";
import { underLease } from "./underLease.ts";
import { readNodes, tryNodes, writeFinding } from "./watch.ts";

/** Until places are given: everything but the rollout's rotations is done first. */
const NOT_YET: Turn = { allowed: false, reason: "rollout", message: "waits for its turn" };

/**
 * Looks at one runtime and does all that need not wait for others. The vault is read first: if it alone shows that there
 * is work, the lease is taken and the keys are listed only under it. Otherwise they are listed once without the lease,
 * to see drift, and what that finds is done under the lease after looking again.
 * @param brakes why scheduled rotations are held back; a caller who names runtimes is told, but not held back
 * @returns undefined for a rotation that waits for its turn
 */
export async function begin(work: RuntimeWork, brakes?: Promise<Brakes>): Promise<StepResult | undefined> {
  const { observer, progress } = work;
  const reading = await observeSecret(observer);
  noteSecret(progress, reading);
  const result = await beginBy(work, reading);
  const rotationClass = nextClass(reading);
  if (result?.outcome === "rotated" && rotationClass !== undefined) {
    const brake = (await brakes)?.get(rotationClass);
    if (brake !== undefined) progress.remarks.push(`scheduled rotations like this one are ${brake}`);
  }
  return result;
}

async function beginBy(work: RuntimeWork, reading: ObservedSecret): Promise<StepResult | undefined> {
  const { request, observer, progress } = work;
  const { config, kind, named, dryRun } = request;
  const decision = workBySecret(reading, config, kind);
  const turn = named ? ALLOWED : NOT_YET;
  if (!named && decision?.action === "rotate" && decision.reason !== "compromised") {
    await tryNodes(work);
    if (!progress.nodesFailure) return undefined;
  }
  const mayAct = decision !== undefined && !dryRun && !progress.nodesFailure;
  const result = mayAct ? await act(work, turn) : await preview(work, reading, turn);
  if (result.reason === "rollout") {
    // What an earlier run left is finished or came to nothing, and a rotation is due as well.
    await readNodes(observer, progress, kind);
    return undefined;
  }
  const { reading: after, runtime } = progress;
  const isJudged = !mayAct || (result.outcome !== "kept" && result.reason !== "nodes-lost");
  if (isJudged || after === undefined || runtime === undefined) return result;
  // What an earlier run left came to nothing, so its nodes are watched like any other's.
  await watchNodes(work, after);
  return await conclude(work, after, runtime, turn);
}

/** Carries out what is decided under the lease. */
export async function act(work: RuntimeWork, turn: Turn): Promise<Verdict> {
  const { observer, progress, request } = work;
  await stepAside(work, REPAIR);
  return await underLease(work, (lease) =>
    apply({ ...observer, id: randomUUID(), lease, progress }, request.kind, turn),
  );
}

/** Looks at the keys without the lease, and acts only where that shows something to do. */
export async function preview(work: RuntimeWork, reading: ObservedSecret, turn: Turn): Promise<StepResult> {
  await watchNodes(work, reading);
  const { runtime } = await observeRuntime(work.observer, reading);
  return await conclude(work, reading, runtime, turn);
}

/** Reads the nodes of a watched runtime; for the status, those of every other one too. */
async function watchNodes(work: RuntimeWork, reading: ObservedSecret): Promise<void> {
  const { request, progress } = work;
  const isWatchedNow = request.config.nodes === "watch" && isWatched(reading.state.note, reading.now);
  if (request.kind === "timer" && isWatchedNow) return await tryNodes(work);
  if (!request.forStatus || progress.nodesFailure) return;
  await tryNodes(work);
  // A status request must not fail because of nodes that nobody watches now.
  progress.nodesFailure = undefined;
}

/** Decides by everything that was read, does it, and records what the nodes show of the latest rotation. */
async function conclude(
  work: RuntimeWork,
  reading: ObservedSecret,
  runtime: ObservedRuntime,
  turn: Turn,
): Promise<StepResult> {
  const { request, progress } = work;
  const { config, kind, dryRun, soakMs } = request;
  const looked = observation(reading, runtime, progress.nodes);
  const finding = newFinding(looked, soakMs);
  const seen = finding === undefined ? looked : withFinding(looked, finding);
  noteObservation(progress, seen);
  const foreseen = forecast(seen, config, kind, turn);
  if (dryRun && foreseen.outcome === "rotated") await tryNodes(work);
  // Nodes do not matter while a person has to fix something else first, such as a missing runtime.
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

/** Repairs and unfinished work go on even if the nodes cannot be read. */
function needsNodes(decision: Decision): boolean {
  if (decision.action === "rotate") return decision.reason !== "compromised";
  return decision.action === "keep" || decision.action === "block";
}
