import { type DataFactoryState, getRuntime, KEY_NAMES, type Runtime } from "./dataFactory.ts";
import { lastConnectedAt, type Node, type NodeStatus, nodeStatus } from "./node.ts";

/** What the service tells of one node. Times in milliseconds since 1970. */
export interface NodeReport {
  name: string;
  status: NodeStatus;
  version: string;
  registeredAt: number;
  lastConnectedAt: number;
  startedAt: number;
  stoppedAt: number | undefined;
}

/** Registers a machine by a key, unless that is no live key of the runtime: then it is refused, `undefined`. */
export function registerNode(
  state: DataFactoryState,
  runtimeId: string,
  name: string,
  key: string,
  now: number,
): Node | undefined {
  const runtime = getRuntime(state, runtimeId);
  if (runtime.nodes.some((node) => node.name === name)) throw new Error(`There is a node ${name} already`);
  if (keyDiedAt(runtime, key) !== undefined) return undefined;
  const node: Node = {
    name,
    version: "5.50.9000.1",
    registeredAt: now,
    key,
    keyGivenAt: now,
    running: true,
    startedAt: now,
    stoppedAt: undefined,
    connectsAt: now,
    refused: false,
    connectedUntil: now,
    connectedAs: "Online",
  };
  runtime.nodes.push(node);
  return node;
}

/** Makes a node use another key, whether it is live or not. One that runs shows it at once. */
export function giveKey(
  state: DataFactoryState,
  runtimeId: string,
  name: string,
  key: string,
  now: number,
): void {
  const node = endSession(state, runtimeId, name, now);
  node.key = key;
  node.keyGivenAt = now;
  if (node.connectsAt <= now) connect(state, runtimeId, node, now);
  if (state.nodeWorld.givenKeyRegisters) node.registeredAt = now;
}

/** A node that comes back shows its key, and is refused where that is dead. */
export function restartNode(state: DataFactoryState, runtimeId: string, name: string, now: number): void {
  switchOff(state, runtimeId, name, now);
  switchOn(state, runtimeId, name, now);
}

export function switchOff(state: DataFactoryState, runtimeId: string, name: string, now: number): void {
  const node = endSession(state, runtimeId, name, now);
  node.running = false;
  node.stoppedAt = now;
}

export function switchOn(state: DataFactoryState, runtimeId: string, name: string, now: number): void {
  const node = endSession(state, runtimeId, name, now);
  node.running = true;
  node.startedAt = now;
  connect(state, runtimeId, node, now);
}

/** A new version, for which a node that runs is away for some time, and comes back as after a restart. */
export function upgradeNode(
  state: DataFactoryState,
  runtimeId: string,
  name: string,
  upgrade: { version: string; durationMs: number },
  now: number,
): void {
  const node = endSession(state, runtimeId, name, now);
  node.version = upgrade.version;
  if (!node.running) return;
  node.connectsAt = now + upgrade.durationMs;
  node.refused = undefined;
  node.startedAt = node.connectsAt;
}

/** Takes a node off the runtime's list, as somebody does in the portal. */
export function removeNode(state: DataFactoryState, runtimeId: string, name: string): void {
  const runtime = getRuntime(state, runtimeId);
  const node = findNode(runtime, name);
  runtime.nodes = runtime.nodes.filter((other) => other !== node);
}

/**
 * The nodes of a runtime as the service tells them at a moment, in the order of their registration. A linked
 * runtime tells those of the one that it shares, a managed one none (docs/azure.md).
 */
export function listNodes(state: DataFactoryState, runtimeId: string, now: number): NodeReport[] {
  const asked = getRuntime(state, runtimeId);
  const runtime = asked.linkedTo === undefined ? asked : state.runtimes[asked.linkedTo.toLowerCase()];
  if (runtime === undefined) return [];
  return runtime.nodes.map((node) => {
    const { name, version, registeredAt, startedAt, stoppedAt } = node;
    const diedAt = keyDiedAt(runtime, node.key);
    return {
      name,
      status: nodeStatus(node, diedAt, state.nodeWorld, now),
      version,
      registeredAt,
      lastConnectedAt: lastConnectedAt(node, diedAt, state.nodeWorld, now),
      startedAt,
      stoppedAt,
    };
  });
}

/** The state of a runtime, told from its nodes (docs/azure.md). */
export function runtimeState(
  nodes: readonly NodeReport[],
): "NeedRegistration" | "Online" | "Limited" | "Offline" {
  if (nodes.length === 0) return "NeedRegistration";
  if (nodes.every((node) => node.status === "Online")) return "Online";
  return nodes.some((node) => node.status === "Online" || node.status === "Limited") ? "Limited" : "Offline";
}

/** The node, after noting until when it was connected. */
function endSession(state: DataFactoryState, runtimeId: string, name: string, now: number): Node {
  const runtime = getRuntime(state, runtimeId);
  const node = findNode(runtime, name);
  node.connectedUntil = lastConnectedAt(node, keyDiedAt(runtime, node.key), state.nodeWorld, now);
  return node;
}

function connect(state: DataFactoryState, runtimeId: string, node: Node, now: number): void {
  node.connectsAt = now;
  node.refused = keyDiedAt(getRuntime(state, runtimeId), node.key) !== undefined;
}

function findNode(runtime: Runtime, name: string): Node {
  const node = runtime.nodes.find((candidate) => candidate.name === name);
  if (node === undefined) throw new Error(`There is no node ${name}`);
  return node;
}

/** When this value stopped to be a key of the runtime: always, where it never was; `undefined` while it is. */
function keyDiedAt(runtime: Runtime, value: string): number | undefined {
  for (const name of KEY_NAMES) {
    const life = runtime.keys[name].findLast((candidate) => candidate.value === value);
    if (life !== undefined) return life.diedAt;
  }
  return Number.NEGATIVE_INFINITY;
}
