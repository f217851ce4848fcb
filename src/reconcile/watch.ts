/** Looks at the nodes of a runtime, and writes down what they show of its latest rotation. */
import type { RuntimeConfig } from "../config/config.ts";
import { LockedError, NodesRefusedError, ServiceError } from "../errors.ts";
import { type Finding, isLost, isWatched, judge, type NodesNote, takeNote } from "../plan/nodesNote.ts";
import type { Observation, ObservedSecret } from "../plan/observation.ts";
import type { RequestKind } from "../plan/runRequest.ts";
import { isDue } from "../plan/schedule.ts";
import { secretTags, taggedKey } from "../plan/secretTags.ts";
import type { KeyName, RuntimeNode } from "../services.ts";
import { type Observer, observeSecret } from "./observe.ts";
import { type Progress, trackWrite } from "./progress.ts";
import type { RuntimeWork } from "./runtimeWork.ts";
import { underLease } from "./underLease.ts";

/**
 * The runtime's nodes, asked for once in a run; undefined where nobody wants them watched. A call goes on without them
 * where they may not be read, and one that declares a compromise also where they cannot be.
 * @throws {NodesRefusedError} on the timer, where they may not be read
 */
export async function readNodes(
  observer: Observer,
  progress: Progress,
  kind: RequestKind,
): Promise<readonly RuntimeNode[] | undefined> {
  const { config, runtimeKeys, deadline } = observer;
  if (config.nodes === "ignore") return undefined;
  progress.needsNodes = true;
  try {
    progress.nodes ??= await runtimeKeys.nodes(deadline.forRead());
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const isRefused = error.status === 403;
    if (kind === "timer" && isRefused) throw new NodesRefusedError(error);
    if (!isRefused && kind !== "compromised") throw error;
    progress.remarks.push(`its nodes are not watched: ${error.message}`);
  }
  return progress.nodes;
}

/** What is noted of the nodes before a rotation. A call that rotates a runtime which lost some does not hide that. */
export function noteBefore(
  { secret, state, now }: Observation,
  nodes: readonly RuntimeNode[] | undefined,
  { key, earlier, kind, config }: Rotation,
): NodesNote | undefined {
  if (nodes === undefined) return undefined;
  const { note } = state;
  const isOwed = kind === "on-demand" && secret.state === "readable" && !isDue(secret, config, now);
  if (isOwed && isWatched(note, now) && isLost(note, nodes)) return { ...note, finding: "lost" };
  return takeNote(nodes, key, earlier, now);
}

interface Rotation {
  readonly key: KeyName;
  readonly earlier: number;
  readonly kind: RequestKind;
  readonly config: RuntimeConfig;
}

/** What the nodes show now of a watched rotation, where that is not what the secret says already. */
export function newFinding(seen: Observation, soakMs: number): Finding | undefined {
  const { nodes, now, state } = seen;
  const { note } = state;
  if (nodes === undefined || !isWatched(note, now)) return undefined;
  const finding = judge(note, nodes, now, soakMs);
  return finding === note.finding ? undefined : finding;
}

/**
 * Writes a finding into the secret's state, unless that has changed meanwhile: nothing erases an intent. Where another
 * run is at work, the next tick finds the same.
 */
export async function writeFinding(work: RuntimeWork, seen: ObservedSecret, finding: Finding): Promise<void> {
  const { observer, progress } = work;
  const { config, secret, deadline } = observer;
  try {
    await underLease(work, async () => {
      const { secret: latest, state } = await observeSecret(observer);
      const { note } = state;
      if (latest.state !== "readable" || note === undefined) return;
      // What another run found meanwhile stays: a proof that was judged before must not hide a loss.
      if (note.at !== seen.state.note?.at || note.finding !== seen.state.note.finding) return;
      const tags = secretTags(latest.tags, config, taggedKey(latest), {
        ...state,
        note: { ...note, finding },
      });
      await trackWrite(progress, secret.setTags(latest.version, tags, deadline.forWrite()));
    });
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
  }
}
