/** What to write down about a runtime's nodes: a note before a rotation, and afterwards what they show of it. */
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import type { KeyName, RuntimeNode } from "../services.ts";
import { type Finding, isLostNow, isWatched, judge, type NodesNote, takeNote } from "./nodesNote.ts";
import type { Observation, ObservedSecret } from "./observation.ts";
import type { RequestKind } from "./runRequest.ts";
import { isDue } from "./schedule.ts";

interface Rotation {
  readonly key: KeyName;
  readonly earlier: number;
  readonly kind: RequestKind;
  readonly config: RuntimeConfig;
}

/** The note to write before a rotation. A call must not hide that nodes were lost before it. */
export function noteBefore(
  { secret, state, now }: Observation,
  nodes: readonly RuntimeNode[] | undefined,
  { key, earlier, kind, config }: Rotation,
): NodesNote | undefined {
  if (config.nodes === "ignore") return undefined;
  const { note } = state;
  const isOwed = kind === "on-demand" && secret.state === "readable" && !isDue(secret, config, now);
  if (isOwed && isWatched(note, now) && isLostNow(note, nodes)) return { ...note, finding: "lost" };
  return nodes && takeNote(nodes, key, earlier, now);
}

/** What the nodes now show of a watched rotation, if the secret does not say so yet. */
export function newFinding(
  { nodes, now, state }: Omit<Observation, "runtime" | "published">,
  soakMs: number,
): Finding | undefined {
  const { note } = state;
  if (nodes === undefined || !isWatched(note, now)) return undefined;
  const finding = judge(note, nodes, now, soakMs);
  return finding === note.finding ? undefined : finding;
}

/** The same reading with a new finding, whether or not the secret says so already. */
export function withFinding<Seen extends ObservedSecret>(seen: Seen, finding: Finding): Seen {
  const { note } = seen.state;
  return note === undefined ? seen : { ...seen, state: { ...seen.state, note: { ...note, finding } } };
}
