import type { SecretClient } from "@azure/keyvault-secrets";
import type { ServiceError } from "../errors.ts";
import { KeyValue } from "../keyValue.ts";
import type { SecretReading, SecretStore } from "../services.ts";
import { callOptions, hiddenAgent, ONE_RETRY, retryWithinLimit } from "./callOptions.ts";
import type { Credential } from "./credential.ts";
import { type CallSite, toServiceError, unexpected, withServiceErrors } from "./sdkError.ts";

/** Key Vault, one client for each vault. */
export function connectKeyVault(credential: Credential): (vaultUrl: string, name: string) => SecretStore {
  const clients = new Map<string, Promise<SecretClient>>();
  return (vaultUrl, name) => {
    const load = () => {
      const loaded = clients.get(vaultUrl) ?? loadClient(vaultUrl, credential);
      clients.set(vaultUrl, loaded);
      return loaded;
    };
    return secretStore(load, vaultUrl, name);
  };
}

async function loadClient(vaultUrl: string, credential: Credential): Promise<SecretClient> {
  const { SecretClient } = await import("@azure/keyvault-secrets");
  return new SecretClient(vaultUrl, credential, {
    retryOptions: ONE_RETRY,
    additionalPolicies: [hiddenAgent, retryWithinLimit],
  });
}

function secretStore(load: () => Promise<SecretClient>, vaultUrl: string, name: string): SecretStore {
  const site = (operation: string, action: string): CallSite => ({
    service: "Key Vault",
    operation,
    target: `${vaultUrl}/secrets/${name}`,
    permission: `the data action Microsoft.KeyVault/vaults/secrets/${action}/action on the secret or its vault`,
  });
  return {
    async getLatest(limit) {
      const where = site("getSecret", "getSecret");
      let date: string | undefined;
      try {
        const client = await load();
        const { value, properties } = await client.getSecret(name, {
          ...callOptions(limit),
          onResponse: ({ headers }) => {
            date = headers.get("date");
          },
        });
        const secret = {
          state: "readable",
          version: required(properties.version, where),
          value: new KeyValue(required(value, where)),
          tags: properties.tags ?? {},
          createdOn: required(properties.createdOn, where).getTime(),
          expiresOn: properties.expiresOn?.getTime(),
        } as const;
        return { secret, now: parseDate(date) };
      } catch (thrown) {
        const error = toServiceError(thrown, where);
        return noVersion(error, parseDate(date));
      }
    },
    async getValue(version, limit) {
      const where = site("getSecret", "getSecret");
      return await withServiceErrors(where, async () => {
        const { value } = await (await load()).getSecret(name, { ...callOptions(limit), version });
        return new KeyValue(required(value, where));
      });
    },
    async addVersion({ value, tags, expiresOn }, limit) {
      const where = site("setSecret", "setSecret");
      return await withServiceErrors(where, async () => {
        const { properties } = await (await load()).setSecret(name, value.reveal(), {
          ...callOptions(limit),
          contentType: "text/plain",
          tags: { ...tags },
          expiresOn: new Date(expiresOn),
        });
        return required(properties.version, where);
      });
    },
    async setTags(version, tags, limit) {
      await withServiceErrors(site("updateSecret", "update"), async () => {
        await (await load()).updateSecretProperties(name, version, {
          ...callOptions(limit),
          tags: { ...tags },
        });
      });
    },
    async disable(version, limit) {
      await withServiceErrors(site("updateSecret", "update"), async () => {
        await (await load()).updateSecretProperties(name, version, { ...callOptions(limit), enabled: false });
      });
    },
    async listVersions(limit) {
      const where = site("getSecretVersions", "readMetadata");
      return await withServiceErrors(where, async () => {
        const versions = [];
        for await (const properties of (await load()).listPropertiesOfSecretVersions(
          name,
          callOptions(limit),
        )) {
          versions.push({
            version: required(properties.version, where),
            enabled: properties.enabled === true,
            createdOn: required(properties.createdOn, where).getTime(),
            tags: properties.tags ?? {},
          });
        }
        return versions;
      });
    },
  };
}

/** No secret and a disabled one are states, not failures. */
function noVersion(error: ServiceError, now: number | undefined): SecretReading {
  if (error.status === 404) return { secret: { state: "missing" }, now };
  if (error.reason === "secret-disabled") return { secret: { state: "disabled" }, now };
  throw error;
}

function parseDate(date: string | undefined): number | undefined {
  const ms = Date.parse(date ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}

function required<T>(part: T | undefined, site: CallSite): T {
  if (part !== undefined) return part;
  throw unexpected(site, "the answer lacks a part that Key Vault always sends; the next tick tries again");
}
