import type { Operation as AzureOperation } from "../../../local/azure/model/calls.ts";
import { managedIdentity } from "../../../src/azure/credential.ts";
import type { RuntimeConfig } from "../../../src/config/config.ts";
import { KeyValue } from "../../../src/keyValue.ts";
import type { Lease, SecretStore, Services } from "../../../src/services.ts";

/** One method of the production adapters. */
export interface AdapterOperation {
  readonly name: string;
  /** What the service behind it calls it. */
  readonly request: AzureOperation;
  /** Done before the fault strikes; what it returns is handed to the call. */
  prepare?(services: Services, config: RuntimeConfig): Promise<unknown>;
  call(services: Services, config: RuntimeConfig, given: Given): Promise<unknown>;
}

export interface Given {
  readonly value: string;
  readonly version: string;
  readonly prepared: unknown;
}

// Longer than any answer here takes, so that calls end by what they are answered, however busy the machine is.
const LIMIT = { timeoutMs: 60_000 };
const acquire = ({ locks }: Services, { id }: RuntimeConfig) => locks.acquire(id, LIMIT);

function runtime(
  name: "kind" | "list" | "nodes" | "regenerate",
  request: AzureOperation,
  key: readonly ["authKey2"] | readonly [] = [],
): AdapterOperation {
  type Method = (...given: unknown[]) => Promise<unknown>;
  return {
    name,
    request,
    call: ({ runtimeKeys }, { id }) => (runtimeKeys(id)[name] as Method)(...key, LIMIT),
  };
}

function secret(
  name: keyof SecretStore,
  request: AzureOperation,
  call: (store: SecretStore, given: Given) => Promise<unknown>,
): AdapterOperation {
  const store = ({ secret }: Services, { vaultUrl, secretName }: RuntimeConfig) =>
    secret(vaultUrl, secretName);
  return { name, request, call: (services, config, given) => call(store(services, config), given) };
}

function content(value: string) {
  return { value: new KeyValue(value), tags: { CredentialId: "authKey1" }, expiresOn: 1_900_000_000_000 };
}

/** Every method of every adapter that calls Azure. */
export const operations: readonly AdapterOperation[] = [
  runtime("kind", "getRuntime"),
  runtime("list", "listAuthKeys"),
  runtime("nodes", "getStatus"),
  runtime("regenerate", "regenerateAuthKey", ["authKey2"]),
  secret("getLatest", "getSecret", (store) => store.getLatest(LIMIT)),
  secret("getValue", "getSecretVersion", (store, { version }) => store.getValue(version, LIMIT)),
  secret("addVersion", "setSecret", (store, { value }) => store.addVersion(content(value), LIMIT)),
  secret("setTags", "updateSecret", (store, { version }) => store.setTags(version, { a: "b" }, LIMIT)),
  secret("disable", "updateSecret", (store, { version }) => store.disable(version, LIMIT)),
  secret("listVersions", "listVersions", (store) => store.listVersions(LIMIT)),
  {
    name: "getToken",
    request: "token",
    // For an audience of its own, because tokens are kept; a token is what it is for.
    call: async (_services, { id }) =>
      void (await managedIdentity(undefined).getToken(`https://${id.name}.example/.default`)),
  },
  { name: "acquire", request: "acquireLease", call: acquire },
  ...(["renew", "release"] as const).map((name): AdapterOperation => {
    return {
      name,
      request: `${name}Lease`,
      prepare: acquire,
      call: (_, __, { prepared }) => (prepared as Lease)[name](LIMIT),
    };
  }),
];
