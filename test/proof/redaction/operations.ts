import type { Operation as AzureOperation } from "../../../local/azure/model/calls.ts";
import { managedIdentity } from "../../../src/azure/credential.ts";
import type { RuntimeConfig } from "../../../src/config/config.ts";
import { KeyValue } from "../../../src/keyValue.ts";
import type { Services } from "../../../src/services.ts";

/** One method of the production adapters. */
export interface AdapterOperation {
  readonly name: string;
  /** What the service behind it calls it; leases are held by storage. */
  readonly request: AzureOperation | "lease";
  /** Done before the fault strikes; what it returns is handed to the call. */
  prepare?(services: Services, config: RuntimeConfig): Promise<unknown>;
  call(services: Services, config: RuntimeConfig, given: Given): Promise<unknown>;
}

export interface Given {
  readonly value: string;
  readonly version: string;
  readonly prepared: unknown;
}

type Held = { renew(limit: object): Promise<unknown>; release(limit: object): Promise<unknown> };

// Longer than any answer here takes, so that calls end by what they are answered, however busy the machine is.
const LIMIT = { timeoutMs: 60_000 };
const secretOf = ({ secret }: Services, { vaultUrl, secretName }: RuntimeConfig) =>
  secret(vaultUrl, secretName);
const acquire = ({ locks }: Services, { id }: RuntimeConfig) => locks.acquire(id, LIMIT);

/** Every method of every adapter that calls Azure. */
export const operations: readonly AdapterOperation[] = [
  {
    name: "getKind",
    request: "getRuntime",
    call: ({ runtimeKeys }, { id }) => runtimeKeys(id).kind(LIMIT),
  },
  {
    name: "listAuthKeys",
    request: "listAuthKeys",
    call: ({ runtimeKeys }, { id }) => runtimeKeys(id).list(LIMIT),
  },
  {
    name: "regenerateAuthKey",
    request: "regenerateAuthKey",
    call: ({ runtimeKeys }, { id }) => runtimeKeys(id).regenerate("authKey2", LIMIT),
  },
  {
    name: "getLatest",
    request: "getSecret",
    call: (services, config) => secretOf(services, config).getLatest(LIMIT),
  },
  {
    name: "getValue",
    request: "getSecretVersion",
    call: (services, config, { version }) => secretOf(services, config).getValue(version, LIMIT),
  },
  {
    name: "addVersion",
    request: "setSecret",
    call: (services, config, { value }) =>
      secretOf(services, config).addVersion(
        { value: new KeyValue(value), tags: { CredentialId: "authKey1" }, expiresOn: 1_900_000_000_000 },
        LIMIT,
      ),
  },
  {
    name: "setTags",
    request: "updateSecret",
    call: (services, config, { version }) => secretOf(services, config).setTags(version, { a: "b" }, LIMIT),
  },
  {
    name: "disable",
    request: "updateSecret",
    call: (services, config, { version }) => secretOf(services, config).disable(version, LIMIT),
  },
  {
    name: "listVersions",
    request: "listVersions",
    call: (services, config) => secretOf(services, config).listVersions(LIMIT),
  },
  {
    name: "getToken",
    request: "token",
    // A token for an audience of its own, because tokens are kept.
    call: (_services, { id }) =>
      managedIdentity(undefined)
        .getToken(`https://${id.name}.example/.default`)
        // A token is what it is for.
        .then(() => undefined),
  },
  { name: "acquire", request: "lease", call: acquire },
  {
    name: "renew",
    request: "lease",
    prepare: acquire,
    call: (_services, _config, { prepared }) => (prepared as Held).renew(LIMIT),
  },
  {
    name: "release",
    request: "lease",
    prepare: acquire,
    call: (_services, _config, { prepared }) => (prepared as Held).release(LIMIT),
  },
];
