/** Whether a rotation cost a runtime nodes: what was noted before it, and what the nodes have shown since. */
import { DAY } from "../config/duration.ts";
import type { KeyName, RuntimeNode } from "../services.ts";

/** Written with the intent, before a key is regenerated, and carried on by the version that is published. */
export interface NodesNote {
  /** How many nodes were online, and how many were not. */
  readonly online: number;
  readonly offline: number;
  /** By the vault's clock, in milliseconds since the epoch. */
  readonly at: number;
  /** The key that died by that rotation. */
  readonly key: KeyName;
  /** How often the runtime was rotated before it, up to 2. */
  readonly earlier: number;
  readonly finding: Finding | undefined;
}

/** What the nodes have shown since. A `repaired` rotation lost nodes too, so it proves nothing. */
export type Finding = "proved" | "lost" | "repaired";

/** How long nodes are watched after a rotation, and how long they can prove it harmless. */
const WATCHED_MS = 7 * DAY;
const PROVABLE_MS = 3 * DAY;

export function takeNote(
  nodes: readonly RuntimeNode[],
  key: KeyName,
  earlier: number,
  now: number,
): NodesNote | undefined {
  // A runtime without nodes has nothing to watch.
  if (nodes.length === 0) return undefined;
  const online = nodes.filter(isOnline).length;
  return { online, offline: nodes.length - online, at: now, key, earlier, finding: undefined };
}

export function isWatched(note: NodesNote | undefined, now: number): note is NodesNote {
  return note !== undefined && (note.finding === "lost" || now - note.at < WATCHED_MS);
}

/** The finding about a watched rotation, by what its nodes show now. */
export function judge(
  note: NodesNote,
  nodes: readonly RuntimeNode[],
  now: number,
  soakMs: number,
): Finding | undefined {
  if (isLost(note, nodes)) return "lost";
  // Once seen, a loss is never forgotten: it withdraws a proof, and nothing that follows is one.
  if (note.finding === "lost" || note.finding === "repaired") return "repaired";
  if (note.finding === "proved") return "proved";
  const age = now - note.at;
  const isProvable = age >= soakMs && age < PROVABLE_MS;
  const wasThere = ({ registeredAt }: RuntimeNode) => registeredAt !== undefined && registeredAt < note.at;
  return isProvable && nodes.some((node) => isOnline(node) && wasThere(node)) ? "proved" : undefined;
}

/** Fewer are online and more are not. A node that was removed or added is not a loss by itself. */
function isLost(note: NodesNote, nodes: readonly RuntimeNode[]): boolean {
  const online = nodes.filter(isOnline).length;
  return online < note.online && nodes.length - online > note.offline;
}

/** A loss as the nodes show it now or, where they are not known, as it was last noted. */
export function isLostNow(note: NodesNote, nodes: readonly RuntimeNode[] | undefined): boolean {
  return nodes === undefined ? note.finding === "lost" : isLost(note, nodes);
}

/** True while it is not known yet whether the rotation did harm. */
export function isUndecided({ at, finding, online }: NodesNote, now: number, soakMs: number): boolean {
  return finding === undefined && now - at < (online > 0 ? PROVABLE_MS : soakMs);
}

export function isOnline({ status }: Pick<RuntimeNode, "status">): boolean {
  return status === "Online" || status === "Limited";
}
