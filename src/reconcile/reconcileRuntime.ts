/** One runtime in one run: what is done at once, and what waits for its turn. */
import { randomUUID } from "node:crypto";
import { NodesRefusedError, ServiceError } from "../errors.ts";
import { isWatched } from "../plan/nodesNote.ts";
import { type ObservedSecret, withFinding } from "../plan/observation.ts";
import { workBySecret } from "../plan/plan.ts";
import { MAY, type Turn } from "../plan/rollout.ts";
import { apply } from "./apply.ts";
import { forecast } from "./forecast.ts";
import { observeRuntime, observeSecret } from "./observe.ts";
import type { Verdict } from "./outcome.ts";
import { noteObservation, noteSecret } from "./progress.ts";
import type { RuntimeWork, Told } from "./runtimeWork.ts";
import { underLease } from "./underLease.ts";
import { newFinding, readNodes, writeFinding } from "./watch.ts";

/** Until the places are given: everything that is not a rotation of the rollout is done first. */
const NOT_YET: Turn = { may: false, reason: "rollout", message: "waits for its turn" };

/**
 * Looks at one runtime and does all that need not wait for others. The vault is read first: if it alone shows that there is
 * work, the lease is taken and the keys are listed only under it. Otherwise they are listed once without the lease, to
 * see drift, and what that finds is done under the lease after looking again.
 * @returns undefined for a rotation that waits for its turn
 */
export async function begin(work: RuntimeWork): Promise<Told | undefined> {
  const { task, observer, progress } = work;
  const { config, kind, named, dryRun } = task;
  const reading = await observeSecret(observer);
  noteSecret(progress, reading);
  const decision = workBySecret(reading, config, kind);
  const rotates = decision?.action === "rotate" && decision.reason !== "compromised";
  const mayWait = !named && config.nodes === "watch";
  if (rotates && mayWait && (await takesPart(work))) return undefined;
  if (decision === undefined || dryRun) return await preview(work, reading, MAY);
  const verdict = await act(work, mayWait && !rotates ? NOT_YET : MAY);
  if (verdict.reason !== "rollout") return verdict;
  // What an earlier run left behind is settled, and a rotation is due after it.
  return (await takesPart(work)) ? undefined : await act(work, MAY);
}

/** Whether a rotation waits for a place: a runtime without nodes waits for nobody. */
async function takesPart({ observer, progress, task }: RuntimeWork): Promise<boolean> {
  const nodes = await readNodes(observer, progress, task.kind);
  return nodes === undefined || nodes.length > 0;
}

/** Carries out what is decided under the lease. */
export async function act(work: RuntimeWork, turn: Turn): Promise<Verdict> {
  const { observer, progress, task } = work;
  return await underLease(work, (lease) =>
    apply({ ...observer, id: randomUUID(), lease, progress }, task.kind, turn),
  );
}

/** Looks at the keys without the lease, and acts only where that shows something to do. */
export async function preview(work: RuntimeWork, reading: ObservedSecret, turn: Turn): Promise<Told> {
  const { task, observer, progress } = work;
  const { config, kind, dryRun, soakMs } = task;
  const isWatchedNow = config.nodes === "watch" && isWatched(reading.state.note, reading.now);
  if (kind === "timer" && isWatchedNow) await readNodes(observer, progress, kind);
  else if (task.forStatus) await readNodes(observer, progress, kind).catch(passOver);
  const looked = { ...(await observeRuntime(observer, reading)), nodes: progress.nodes };
  const finding = newFinding(looked, soakMs);
  const seen = finding === undefined ? looked : withFinding(looked, finding);
  noteObservation(progress, seen);
  const foreseen = forecast(seen, config, kind, turn);
  const isNothingToDo = foreseen.outcome === "kept" || foreseen.outcome === "blocked";
  if (isNothingToDo) {
    if (finding !== undefined && kind === "timer" && !dryRun) await writeFinding(work, reading, finding);
    return foreseen;
  }
  if (!dryRun) return await act(work, turn);
  if (foreseen.outcome === "rotated") await readNodes(observer, progress, kind);
  return foreseen;
}

/** Nodes that cannot be read do not keep anybody from looking at the rest. */
function passOver(error: unknown): void {
  if (!(error instanceof ServiceError || error instanceof NodesRefusedError)) throw error;
}
