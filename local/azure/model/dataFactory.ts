import { armErrors } from "./armErrors.ts";
import { keyValue, runtimeGuid } from "./keyValue.ts";
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
  createdAt: number;
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
  /**
   * Whether a list in which the caller may read nothing is empty, or refused with 403. Part of a list that it
   * may not read is always left out.
   */
  unreadableLists: "empty" | "refused";
  /** How many items a page of a list holds; what the service's own hold is not documented. */
  pageSize: number;
  nodeWorld: NodeWorld;
}

export function createDataFactoryState(): DataFactoryState {
  return {
    factories: {},
    runtimes: {},
    minted: 0,
    staleListings: 0,
    linkedKeys: "refused",
    unreadableLists: "empty",
    pageSize: 100,
    nodeWorld: createNodeWorld(),
  };
}

/** Adds a factory, unless it is there; `id` is the ARM id. */
export function addFactory(state: DataFactoryState, id: string, now: number, region = "westeurope"): Factory {
  const factory = state.factories[id.toLowerCase()] ?? { id, region, createdAt: now };
  state.factories[id.toLowerCase()] = factory;
  return factory;
}

/**
 * Adds a runtime, and its factory where that is missing. `id` is the ARM id; returns the runtime. Whether one that is made
 * again has the same `guid` is not documented.
 */
export function addRuntime(
  state: DataFactoryState,
  id: string,
  now: number,
  options: { kind?: RuntimeKind; linkedTo?: string; region?: string; guid?: string } = {},
): Runtime {
  const factoryId = id.slice(0, id.toLowerCase().lastIndexOf("/integrationruntimes/"));
  const kind = options.kind ?? "self-hosted";
  addFactory(state, factoryId, now, options.region);
  const runtime: Runtime = {
    id,
    kind,
    linkedTo: options.linkedTo,
    guid: options.guid ?? runtimeGuid(id),
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

/** Takes a runtime away, with its keys and nodes, as somebody does who deletes it. */
export function removeRuntime(state: DataFactoryState, id: string): void {
  getRuntime(state, id);
  delete state.runtimes[id.toLowerCase()];
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
  const group = getGroup(state, id.slice(0, id.toLowerCase().indexOf("/providers/")));
  throw armErrors.factoryNotFound(id.slice(id.lastIndexOf("/") + 1), group);
}

/** The name of a resource group, which is there where it holds a factory. */
function getGroup(state: DataFactoryState, id: string): string {
  const name = id.slice(id.lastIndexOf("/") + 1);
  if (below(state.factories, id).length === 0) throw armErrors.groupNotFound(name);
  return name;
}

/** The factories below a subscription's or a resource group's id, in the order of their ids. */
export function listFactories(state: DataFactoryState, scope: string): Factory[] {
  if (/\/resourceGroups\//i.test(scope)) getGroup(state, scope);
  return below(state.factories, scope);
}

/** The runtimes of one factory, in the order of their ids. */
export function listRuntimes(state: DataFactoryState, factoryId: string): Runtime[] {
  return below(state.runtimes, getFactory(state, factoryId).id);
}

function below<T>(resources: Record<string, T>, id: string): T[] {
  const prefix = `${id.toLowerCase()}/`;
  const ids = Object.keys(resources).filter((key) => key.startsWith(prefix));
  return ids.toSorted().flatMap((key) => resources[key] ?? []);
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

function mint(state: DataFactoryState, runtime: Runtime, now: number): KeyLife {
  state.minted += 1;
  const [, factoryId = ""] = /^(.*)\/integrationruntimes\//i.exec(runtime.id) ?? [];
  const { id, region } = getFactory(state, factoryId);
  const factory = id.slice(id.lastIndexOf("/") + 1);
  return { value: keyValue(state.minted, runtime.guid, factory, region), bornAt: now, diedAt: undefined };
}
