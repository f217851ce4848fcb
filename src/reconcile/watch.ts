/** Reads the nodes of a runtime, and writes down what they show of its latest rotation. */
import { LockedError, NodesRefusedError, OutOfTimeError, ServiceError } from "../errors.ts";
import type { Finding } from "../plan/nodesNote.ts";
import type { ObservedSecret } from "../plan/observation.ts";
import type { RequestKind } from "../plan/runRequest.ts";
import { secretTags, taggedKey } from "../plan/secretTags.ts";
import type { RuntimeNode } from "../services.ts";
import { type Observer, observeSecret } from "./observe.ts";
import { type Progress, trackWrite } from "./progress.ts";
import type { RuntimeWork } from "./runtimeWork.ts";
import { underLease } from "./underLease.ts";

/**
 * Reads the runtime's nodes, once in a run; undefined if they are ignored. A call goes on without permission to read
 * them; a compromise goes on even if the service fails.
 * @param kind `compromised` also if a compromise is finished that an earlier run began
 * @throws {NodesRefusedError} on the timer, if they may not be read
 */
export async function readNodes(
  { config, runtimeKeys, deadline }: Observer,
  progress: Progress,
  kind: RequestKind,
): Promise<readonly RuntimeNode[] | undefined> {
  if (config.nodes === "ignore" || progress.nodesAsked) return progress.nodes;
  if (progress.nodesFailure && kind !== "compromised") throw progress.nodesFailure;
  try {
    progress.nodes = await runtimeKeys.nodes(deadline.forRead());
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const isRefused = error.reason === "access-denied";
    if (isRefused ? kind === "timer" : kind !== "compromised") {
      progress.nodesFailure = isRefused ? new NodesRefusedError(error) : error;
      throw progress.nodesFailure;
    }
    progress.remarks.push(`its nodes are not watched: ${error.message}`);
  }
  progress.nodesAsked = true;
  return progress.nodes;
}

/** Reads the nodes before it is known whether they are needed. A failure is kept, and thrown only if they are. */
export async function tryNodes({ observer, progress, request }: RuntimeWork): Promise<void> {
  try {
    await readNodes(observer, progress, request.kind);
  } catch (error) {
    if (error !== progress.nodesFailure) throw error;
  }
}

/**
 * Writes a finding into the secret's state, unless that has changed meanwhile: nothing erases an intent. If another run
 * holds the lease, the next tick finds the same. A loss is reported even if it cannot be written.
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
    if (error instanceof LockedError) return;
    const mayBeTold = error instanceof ServiceError || error instanceof OutOfTimeError;
    if (finding !== "lost" || !mayBeTold) throw error;
    progress.remarks.push(`this could not be written to the secret: ${error.message}`);
  }
}
