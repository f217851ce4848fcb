import { AzureError } from "../../local/azure/model/azureError.ts";
import {
  getRuntime,
  listAuthKeys,
  listFactories,
  listRuntimes,
  regenerateAuthKey,
} from "../../local/azure/model/dataFactory.ts";
import {
  getSecret,
  listVersions,
  type SecretVersion,
  setSecret,
  updateSecret,
} from "../../local/azure/model/keyVault.ts";
import { listNodes } from "../../local/azure/model/nodes.ts";
import type { AzureState } from "../../local/azure/model/state.ts";
import type { CallSite } from "../../src/azure/call.ts";
import { parseRuntimeId, type RuntimeId } from "../../src/config/runtimeId.ts";
import { KeyValue } from "../../src/keyValue.ts";
import type {
  CallLimit,
  Lease,
  Locks,
  RuntimeKeys,
  RuntimeSource,
  SecretStore,
  Services,
} from "../../src/services.ts";
import { errorOf } from "./sdkShapes.ts";

export type MemoryOperation =
  | "getKind"
  | "listAuthKeys"
  | "regenerateAuthKey"
  | "getStatus"
  | "getLatest"
  | "getValue"
  | "addVersion"
  | "setTags"
  | "disable"
  | "listVersions"
  | "acquireLease"
  | "renewLease"
  | "releaseLease";

/** Stands around every call: may let its effect happen or not, and answer, throw, or never return. */
export type Around = <T>(operation: MemoryOperation, effect: () => T, limit: CallLimit) => Promise<T>;

/** Leases as blob storage keeps them: who holds which runtime until when, in milliseconds since the epoch. */
export type Leases = Map<string, { holder: string; until: number }>;

export interface Memory {
  readonly state: AzureState;
  readonly leases: Leases;
  now(): number;
}

const LEASE_MS = 60_000;
let holders = 0;

/** The production interfaces over the local Azure's own model, without a network: for tests in virtual time. */
export function memoryServices(memory: Memory, around: Around = async (_, effect) => effect()): Services {
  return {
    runtimeSource: runtimeSourceOf(memory),
    runtimeKeys: (id) => runtimeKeysOf(memory, around, id),
    secret: (vaultUrl, name) => secretOf(memory, around, vaultUrl, name),
    locks: locksOf(memory, around),
  };
}

function runtimeSourceOf({ state }: Memory): RuntimeSource {
  return {
    async list({ subscriptionId, resourceGroup, factory }) {
      const group = resourceGroup === undefined ? "" : `/resourceGroups/${resourceGroup}`;
      const runtimes = listFactories(state.dataFactory, `/subscriptions/${subscriptionId}${group}`)
        .filter(({ id }) => factory === undefined || id.toLowerCase().endsWith(`/${factory.toLowerCase()}`))
        .flatMap(({ id }) => listRuntimes(state.dataFactory, id))
        .map(({ id, kind }) => ({ id: parseRuntimeId(id) as RuntimeId, kind }));
      return { runtimes, failures: [] };
    },
  };
}

function runtimeKeysOf({ state, now }: Memory, around: Around, { text }: RuntimeId): RuntimeKeys {
  const call = <T>(operation: MemoryOperation, limit: CallLimit, effect: () => T): Promise<T> =>
    around(operation, () => translated("Azure Resource Manager", operation, text, effect), limit);
  return {
    kind: (limit) => call("getKind", limit, () => getRuntime(state.dataFactory, text).kind),
    list: (limit) =>
      call("listAuthKeys", limit, () => {
        const { authKey1, authKey2 } = listAuthKeys(state.dataFactory, text);
        return { authKey1: new KeyValue(authKey1), authKey2: new KeyValue(authKey2) };
      }),
    regenerate: (key, limit) =>
      call("regenerateAuthKey", limit, () => {
        return new KeyValue(regenerateAuthKey(state.dataFactory, text, key, now())[key] ?? "");
      }),
    nodes: (limit) => call("getStatus", limit, () => listNodes(state.dataFactory, text, now())),
  };
}

function secretOf({ state, now }: Memory, around: Around, vaultUrl: string, name: string): SecretStore {
  const { keyVault } = state;
  const vault = () => {
    const found = keyVault.vaults[new URL(vaultUrl).host];
    if (found === undefined) throw new Error(`the test made no vault for ${vaultUrl}`);
    return found;
  };
  const call = <T>(operation: MemoryOperation, limit: CallLimit, effect: () => T): Promise<T> =>
    around(operation, () => translated("Key Vault", operation, `${vaultUrl}/secrets/${name}`, effect), limit);
  const contentOf = ({ id, value, tags, created, expires }: SecretVersion) => ({
    state: "readable" as const,
    version: id,
    value: new KeyValue(value),
    tags: { ...tags },
    createdOn: created * 1000,
    expiresOn: expires === undefined ? undefined : expires * 1000,
  });
  return {
    getLatest: (limit) =>
      call("getLatest", limit, () => {
        // A `Date` header has whole seconds.
        const date = Math.floor(now() / 1000) * 1000;
        try {
          return { secret: contentOf(getSecret(vault(), name)), now: date };
        } catch (error) {
          if (!(error instanceof AzureError)) throw error;
          if (error.code === "SecretNotFound") return { secret: { state: "missing" }, now: date };
          if (error.innerCode === "SecretDisabled") return { secret: { state: "disabled" }, now: date };
          throw error;
        }
      }),
    getValue: (version, limit) =>
      call("getValue", limit, () => new KeyValue(getSecret(vault(), name, version).value)),
    addVersion: ({ value, tags, expiresOn }, limit) =>
      call("addVersion", limit, () => {
        const fields = { contentType: "text/plain", tags: { ...tags }, expires: expiresOn / 1000 };
        return setSecret(keyVault, vault(), name, value.reveal(), fields, now()).id;
      }),
    setTags: (version, tags, limit) =>
      call("setTags", limit, () => void updateSecret(vault(), name, version, { tags: { ...tags } }, now())),
    disable: (version, limit) =>
      call("disable", limit, () => void updateSecret(vault(), name, version, { enabled: false }, now())),
    listVersions: (limit) =>
      call("listVersions", limit, () =>
        listVersions(vault(), name).map((version) => ({
          version: version.id,
          enabled: version.enabled,
          createdOn: version.created * 1000,
          tags: { ...version.tags },
        })),
      ),
  };
}

function locksOf({ leases, now }: Memory, around: Around): Locks {
  const acquired = (key: string) => {
    const held = leases.get(key);
    if (held !== undefined && held.until > now()) return undefined;
    holders += 1;
    const holder = `holder ${holders}`;
    leases.set(key, { holder, until: now() + LEASE_MS });
    return leaseOf(key, holder);
  };
  return { acquire: ({ key }, limit) => around("acquireLease", () => acquired(key), limit) };

  function leaseOf(key: string, holder: string): Lease {
    const renewed = () => {
      if (leases.get(key)?.holder !== holder) return false;
      leases.set(key, { holder, until: now() + LEASE_MS });
      return true;
    };
    const released = () => {
      if (leases.get(key)?.holder === holder) leases.delete(key);
    };
    return {
      renew: (limit) => around("renewLease", renewed, limit),
      release: (limit) => around("releaseLease", released, limit),
    };
  }
}

/** Refusals of the model become what the real adapters make of the SDKs' errors. */
function translated<T>(service: CallSite["service"], operation: string, target: string, effect: () => T): T {
  try {
    return effect();
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    throw errorOf(service, operation, target, error);
  }
}
