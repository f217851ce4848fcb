import type { LocalAzure } from "../../local/azure/index.ts";
import type { Operation } from "../../local/azure/model/calls.ts";
import { connect } from "../../src/azure/connect.ts";
import { ServiceError } from "../../src/errors.ts";
import { KeyValue } from "../../src/keyValue.ts";
import type { CallLimit, NewSecretVersion, RuntimeKeys, SecretStore, Services } from "../../src/services.ts";
import { configOf } from "../support/runtime.ts";
import { unmetered } from "../support/unmetered.ts";

export const AMPLE: CallLimit = { timeoutMs: 30_000 };

interface Given {
  readonly keys: RuntimeKeys;
  readonly secret: SecretStore;
  /** What the secret holds and is given, an auth key, and where. */
  readonly content: NewSecretVersion;
  readonly version: string;
  /** A lease that is held, and the way to ask for one that is free. */
  readonly lease: { renew(limit: CallLimit): Promise<unknown>; release(limit: CallLimit): Promise<unknown> };
  acquire(limit: CallLimit): Promise<unknown>;
}

/** Every method of the adapters, and the operation of the local Azure that it comes to. */
const CALLS = {
  kind: ["getRuntime", ({ keys }, limit) => keys.kind(limit)],
  list: ["listAuthKeys", ({ keys }, limit) => keys.list(limit)],
  regenerate: ["regenerateAuthKey", ({ keys }, limit) => keys.regenerate("authKey2", limit)],
  nodes: ["getStatus", ({ keys }, limit) => keys.nodes(limit)],
  getLatest: ["getSecret", ({ secret }, limit) => secret.getLatest(limit)],
  getValue: ["getSecretVersion", ({ secret, version }, limit) => secret.getValue(version, limit)],
  addVersion: ["setSecret", ({ secret, content }, limit) => secret.addVersion(content, limit)],
  setTags: ["updateSecret", ({ secret, version }, limit) => secret.setTags(version, {}, limit)],
  disable: ["updateSecret", ({ secret, version }, limit) => secret.disable(version, limit)],
  listVersions: ["listVersions", ({ secret }, limit) => secret.listVersions(limit)],
  acquire: ["acquireLease", ({ acquire }, limit) => acquire(limit)],
  renew: ["renewLease", ({ lease }, limit) => lease.renew(limit)],
  release: ["releaseLease", ({ lease }, limit) => lease.release(limit)],
} satisfies Record<string, [Operation, (given: Given, limit: CallLimit) => Promise<unknown>]>;

export type Method = keyof typeof CALLS;
export const METHODS = Object.keys(CALLS) as Method[];

export function operationOf(method: Method): Operation {
  return CALLS[method][0];
}

/** What an app with a managed identity connects to. */
export function services(): Services {
  const storage = { kind: "identity", blobServiceUrl: "https://contoso.blob.core.windows.net" } as const;
  const armUrl = "https://management.azure.com";
  return connect(
    {
      armUrl,
      clientId: undefined,
      storage: { ...storage, clientId: undefined },
    },
    unmetered,
  );
}

let leases = 0;

/** One runtime with a secret, and the app's adapters, which have spoken to each service before. */
export async function adapters(
  azure: LocalAzure,
  name = "alpha",
): Promise<(method: Method, limit?: CallLimit) => Promise<unknown>> {
  const { id, vaultUrl, secretName } = configOf(name);
  azure.addRuntime(id.text);
  azure.addVault(vaultUrl);
  const { runtimeKeys, secret: secretOf, locks } = services();
  const keys = runtimeKeys(id);
  const secret = secretOf(vaultUrl, secretName);
  await keys.kind(AMPLE);
  const value = new KeyValue(azure.liveKeys(id.text).authKey1);
  const content = { value, tags: {}, expiresOn: 1_900_000_000_000 };
  const version = await secret.addVersion(content, AMPLE);
  // Of their own for each test: the storage account is not emptied.
  leases += 1;
  const lease = await locks.acquire({ ...id, key: `held ${leases}` }, AMPLE);
  if (lease === undefined) throw new Error("nobody else asks for this lease");
  const acquire = (limit: CallLimit) => locks.acquire({ ...id, key: `free ${leases}` }, limit);
  const given: Given = { keys, secret, content, version, lease, acquire };
  return (method, limit = AMPLE) => CALLS[method][1](given, limit);
}

/** What a call throws that must not succeed, which has to be a description of ours. */
export async function failureOf(call: Promise<unknown>): Promise<ServiceError> {
  const thrown = await call.then(
    () => new Error("the call did not fail"),
    (thrown: unknown) => thrown,
  );
  if (thrown instanceof ServiceError) return thrown;
  throw thrown;
}
