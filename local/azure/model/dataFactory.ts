import { createHash } from "node:crypto";
import { armErrors } from "./armErrors.ts";
import { createNodeWorld, type Node, type NodeWorld } from "./node.ts";

export type KeyName = "authKey1" | "authKey2";
export const KEY_NAMES: readonly KeyName[] = ["authKey1", "authKey2"];

/** One value that a key had; the last one of a history is live. Times in milliseconds since 1970. */
export interface KeyLife {
  value: string;
  bornAt: number;
  diedAt: number | undefined;
}

/** Only a self-hosted runtime has keys of its own; a linked one borrows them, a managed one has none (docs/azure.md). */
export type RuntimeKind = "self-hosted" | "linked" | "managed";

export interface Runtime {
  /** The ARM id in the case in which it was created. */
  id: string;
  kind: RuntimeKind;
  /** Of a linked runtime: the ARM id of the self-hosted one that it shares. */
  linkedTo: string | undefined;
  /** Stands in both keys of the runtime, and stays when one is regenerated (docs/azure.md). */
  guid: string;
  createdAt: number;
  keys: Record<KeyName, KeyLife[]>;
  /** What stale listings show, and how many of them are still to come. */
  stale: { keys: Record<KeyName, string>; listings: number } | undefined;
  /** In the order of their registration. */
  nodes: Node[];
}

export interface Factory {
  id: string;
  region: string;
}

export interface DataFactoryState {
  /** By lower-cased ARM id, because ARM compares without case. */
  factories: Record<string, Factory>;
  runtimes: Record<string, Runtime>;
  /** How many values were minted so far: the next value is a function of this alone. */
  minted: number;
  /**
   * Not documented (docs/azure.md): after a regenerate, so many listings still show the values from before it.
   * 0 is a service that is consistent at once.
   */
  staleListings: number;
  /** Not documented: whether the keys of a linked runtime are refused with 400, or are the shared ones. */
  linkedKeys: "refused" | "shared";
  nodeWorld: NodeWorld;
}

export function createDataFactoryState(): DataFactoryState {
  const unknowns = { staleListings: 0, linkedKeys: "refused", nodeWorld: createNodeWorld() } as const;
  return { factories: {}, runtimes: {}, minted: 0, ...unknowns };
}

/** Adds a runtime, and its factory where that is missing. `id` is the ARM id; returns the runtime. */
export function addRuntime(
  state: DataFactoryState,
  id: string,
  now: number,
  options: { kind?: RuntimeKind; linkedTo?: string; region?: string } = {},
): Runtime {
  const factoryId = id.slice(0, id.toLowerCase().lastIndexOf("/integrationruntimes/"));
  const kind = options.kind ?? "self-hosted";
  state.factories[factoryId.toLowerCase()] ??= { id: factoryId, region: options.region ?? "westeurope" };
  const runtime: Runtime = {
    id,
    kind,
    linkedTo: options.linkedTo,
    guid: uuid(id.toLowerCase()),
    createdAt: now,
    keys: { authKey1: [], authKey2: [] },
    stale: undefined,
    nodes: [],
  };
  state.runtimes[id.toLowerCase()] = runtime;
  if (kind === "self-hosted") {
    for (const name of KEY_NAMES) runtime.keys[name].push(mint(state, runtime, now));
  }
  return runtime;
}

/** The runtime, or the 404 of whatever is missing first: resource group, factory, runtime (docs/azure.md). */
export function getRuntime(state: DataFactoryState, id: string): Runtime {
  const runtime = state.runtimes[id.toLowerCase()];
  if (runtime !== undefined) return runtime;
  getFactory(state, id.slice(0, id.toLowerCase().lastIndexOf("/integrationruntimes/")));
  throw armErrors.runtimeNotFound(id);
}

function getFactory(state: DataFactoryState, id: string): Factory {
  const factory = state.factories[id.toLowerCase()];
  if (factory !== undefined) return factory;
  const group = id.slice(0, id.toLowerCase().indexOf("/providers/"));
  const groupName = group.slice(group.lastIndexOf("/") + 1);
  if (Object.keys(state.factories).some((key) => key.startsWith(`${group.toLowerCase()}/`))) {
    throw armErrors.factoryNotFound(id.slice(id.lastIndexOf("/") + 1), groupName);
  }
  throw armErrors.groupNotFound(groupName);
}

/** The runtimes of one factory, in the order in which they were created. */
export function listRuntimes(state: DataFactoryState, factoryId: string): Runtime[] {
  const factory = getFactory(state, factoryId);
  const prefix = `${factory.id.toLowerCase()}/`;
  return Object.entries(state.runtimes).flatMap(([id, runtime]) => (id.startsWith(prefix) ? [runtime] : []));
}

/** Both keys as ARM tells them, which is not what lives while a stale listing is due. */
export function listAuthKeys(state: DataFactoryState, id: string): Record<KeyName, string> {
  const runtime = keyHolder(state, id);
  const stale = runtime.stale;
  if (stale === undefined) return liveKeys(state, runtime.id);
  stale.listings -= 1;
  if (stale.listings === 0) runtime.stale = undefined;
  return { ...stale.keys };
}

/** Mints a new value for one key, which kills the one before, and returns the new one alone (docs/azure.md). */
export function regenerateAuthKey(
  state: DataFactoryState,
  id: string,
  name: KeyName,
  now: number,
): { [name in KeyName]?: string } {
  const runtime = keyHolder(state, id);
  if (state.staleListings > 0) {
    runtime.stale = { keys: liveKeys(state, runtime.id), listings: state.staleListings };
  }
  const history = runtime.keys[name];
  const before = history.at(-1);
  if (before !== undefined) before.diedAt = now;
  const minted = mint(state, runtime, now);
  history.push(minted);
  return { [name]: minted.value };
}

/** The values that a node can register with now, read past every fault: for tests, not for the service. */
export function liveKeys(state: DataFactoryState, id: string): Record<KeyName, string> {
  const { keys } = keyHolder(state, id);
  return { authKey1: keys.authKey1.at(-1)?.value ?? "", authKey2: keys.authKey2.at(-1)?.value ?? "" };
}

function keyHolder(state: DataFactoryState, id: string): Runtime {
  const runtime = getRuntime(state, id);
  if (runtime.kind === "self-hosted") return runtime;
  if (runtime.kind === "linked" && runtime.linkedTo !== undefined && state.linkedKeys === "shared") {
    return keyHolder(state, runtime.linkedTo);
  }
  throw armErrors.kindHasNoKeys(runtime.kind);
}

/**
 * A value in the format of the service, `IR@{guid}@{factory}@ServiceEndpoint={host}@{base64 of 32 bytes}`
 * (docs/azure.md), that says of itself that it is made up.
 */
function mint(state: DataFactoryState, runtime: Runtime, now: number): KeyLife {
  state.minted += 1;
  const [, factoryId = ""] = /^(.*)\/integrationruntimes\//i.exec(runtime.id) ?? [];
  const factory = getFactory(state, factoryId);
  const name = factory.id.slice(factory.id.lastIndexOf("/") + 1);
  const secret = createHash("sha256").update(`${state.minted}`).digest("base64");
  const value = `IR@${runtime.guid}@${name}@ServiceEndpoint=${name}.${factory.region}.datafactory.azure.net@FAKE${secret}`;
  return { value, bornAt: now, diedAt: undefined };
}

function uuid(seed: string): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
