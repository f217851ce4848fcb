/** As Azure words it. `Online` and `Limited` are connected (docs/azure.md). */
export type NodeStatus =
  | "NeedRegistration"
  | "Online"
  | "Limited"
  | "Offline"
  | "Upgrading"
  | "Initializing"
  | "InitializeFailed";

/** A machine that is registered with a runtime. Times in milliseconds since 1970. */
export interface Node {
  name: string;
  version: string;
  registeredAt: number;
  /** The value that it was given last: what it shows to the service whenever it is asked for a key. */
  key: string;
  keyGivenAt: number;
  running: boolean;
  startedAt: number;
  /** When it was switched off last; `undefined` where it never was. */
  stoppedAt: number | undefined;
  /** When it showed its key anew last, to begin a session; in the future while it is upgraded. */
  connectsAt: number;
  /** Whether its key was dead then; `undefined` where that lay in the future. */
  refused: boolean | undefined;
  /** Until when it was connected before that. */
  connectedUntil: number;
  /** What it shows while it is connected: `Limited`, for one, where it lacks a capability. */
  connectedAs: NodeStatus;
}

/** What nobody documents about nodes (docs/azure.md): one answer each, to be changed. */
export interface NodeWorld {
  /**
   * `always`: a connected node goes on showing its key, and is lost some time after that died.
   * `registration`: it shows its key only to register and to come back after a restart.
   */
  keyUse: "always" | "registration";
  /** How long after the death of its key a connected node stays connected, where `keyUse` is `always`. */
  lossAfterMs: number;
  /** Whether a node that is given another key counts as registered anew. */
  givenKeyRegisters: boolean;
}

export function createNodeWorld(): NodeWorld {
  return { keyUse: "always", lossAfterMs: 0, givenKeyRegisters: false };
}

/**
 * What the service tells of a node at a moment: a function of time alone, so nothing has to run in between.
 * `keyDiedAt`: of the node's key; `undefined` while that is live.
 */
export function nodeStatus(
  node: Node,
  keyDiedAt: number | undefined,
  world: NodeWorld,
  now: number,
): NodeStatus {
  if (!node.running) return "Offline";
  if (now < node.connectsAt) return "Upgrading";
  return now < sessionEnd(node, keyDiedAt, world) ? node.connectedAs : "Offline";
}

/** The last moment, up to now, at which the node was connected. */
export function lastConnectedAt(
  node: Node,
  keyDiedAt: number | undefined,
  world: NodeWorld,
  now: number,
): number {
  const end = sessionEnd(node, keyDiedAt, world);
  if (!node.running || now < node.connectsAt || end < node.connectsAt) return node.connectedUntil;
  return Math.min(now, end);
}

/** When the session that began last ends: before it began where the key was refused. */
function sessionEnd(node: Node, keyDiedAt: number | undefined, world: NodeWorld): number {
  if (keyDiedAt === undefined) return Number.POSITIVE_INFINITY;
  if (node.refused ?? keyDiedAt <= node.connectsAt) return Number.NEGATIVE_INFINITY;
  return world.keyUse === "always" ? keyDiedAt + world.lossAfterMs : Number.POSITIVE_INFINITY;
}
