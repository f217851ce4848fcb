/** Reads and writes the secrets in Key Vault. */
import type { KeyVaultSecret, SecretClient } from "@azure/keyvault-secrets";
import { secretUrl } from "../config/urls.ts";
import { ServiceError } from "../errors.ts";
import { KeyValue } from "../keyValue.ts";
import type { CallLimit, SecretReading, SecretStore, SecretVersion } from "../services.ts";
import type { CallSite } from "./call.ts";
import { callService } from "./callService.ts";
import type { Credential } from "./credential.ts";
import { loadSdk } from "./loadSdk.ts";
import { partsOf } from "./parts.ts";
import { noteProgress, ONE_RETRY, preparedAgent, retryWithinLimit } from "./policies.ts";

/** Connects the secrets, with one client for each vault. */
export function connectKeyVault(credential: Credential): (vaultUrl: string, name: string) => SecretStore {
  const sdk = loadSdk(() => import("@azure/keyvault-secrets"));
  const known = new Map<string, SecretClient>();
  const clientFor = async (vaultUrl: string): Promise<SecretClient> => {
    const { SecretClient } = await sdk();
    const additionalPolicies = [preparedAgent, retryWithinLimit, noteProgress];
    const client =
      known.get(vaultUrl) ??
      new SecretClient(vaultUrl, credential, { retryOptions: ONE_RETRY, additionalPolicies });
    known.set(vaultUrl, client);
    return client;
  };
  return (vaultUrl, name) => secretStore(() => clientFor(vaultUrl), vaultUrl, name);
}

function secretStore(client: () => Promise<SecretClient>, vaultUrl: string, name: string): SecretStore {
  const siteOf = (operation: string, action: string): CallSite => ({
    service: "Key Vault",
    operation,
    target: secretUrl({ vaultUrl, secretName: name }),
    permission: `the data action Microsoft.KeyVault/vaults/secrets/${action}/action on the secret or its vault`,
  });
  const update = async (
    version: string,
    changes: { tags?: Record<string, string>; enabled?: boolean },
    limit: CallLimit,
  ) => {
    await callService(siteOf("updateSecret", "update"), limit, async (options) => {
      await (await client()).updateSecretProperties(name, version, { ...options, ...changes });
    });
  };
  return {
    async getLatest(limit) {
      const site = siteOf("getSecret", "getSecret");
      let date: string | undefined;
      try {
        const answer = await callService(site, limit, async (options) => {
          return await (await client()).getSecret(name, {
            ...options,
            onResponse: ({ headers }) => {
              date = headers.get("date");
            },
          });
        });
        return { secret: { state: "readable", ...versionOf(answer, site) }, now: parseDate(date) };
      } catch (error) {
        return noVersion(error, parseDate(date));
      }
    },
    async getValue(version, limit) {
      const site = siteOf("getSecret", "getSecret");
      const { value } = await callService(site, limit, async (options) => {
        return await (await client()).getSecret(name, { ...options, version });
      });
      return new KeyValue(partsOf(site).text(value));
    },
    async addVersion({ value, tags, expiresOn }, limit) {
      const site = siteOf("setSecret", "setSecret");
      const content = { contentType: "text/plain", tags: { ...tags }, expiresOn: new Date(expiresOn) };
      const { properties } = await callService(site, limit, async (options) => {
        return await (await client()).setSecret(name, value.reveal(), { ...options, ...content });
      });
      return partsOf(site).text(properties.version);
    },
    async setTags(version, tags, limit) {
      await update(version, { tags: { ...tags } }, limit);
    },
    async disable(version, limit) {
      await update(version, { enabled: false }, limit);
    },
    async listVersions(limit) {
      const site = siteOf("getSecretVersions", "readMetadata");
      const versions = await callService(site, limit, async (options) => {
        const listed = [];
        const pages = (await client()).listPropertiesOfSecretVersions(name, options);
        for await (const properties of pages) listed.push(properties);
        return listed;
      });
      const parts = partsOf(site);
      return versions.map(({ version, enabled, createdOn, tags }) => ({
        version: parts.text(version),
        enabled: enabled === true,
        createdOn: parts.time(createdOn),
        tags: tags ?? {},
      }));
    },
  };
}

/** A missing secret and a disabled one are states, not failures. */
function noVersion(error: unknown, now: number | undefined): SecretReading {
  if (!(error instanceof ServiceError)) throw error;
  // Any other 404 is not the vault's: a proxy sent it, or a host in its place.
  if (error.code === "SecretNotFound") return { secret: { state: "missing" }, now };
  if (error.reason === "secret-disabled") return { secret: { state: "disabled" }, now };
  throw error;
}

function versionOf({ value, properties }: KeyVaultSecret, site: CallSite): SecretVersion {
  const parts = partsOf(site);
  return {
    version: parts.text(properties.version),
    value: new KeyValue(parts.text(value)),
    tags: parts.tags(properties.tags ?? {}),
    createdOn: parts.time(properties.createdOn),
    expiresOn: properties.expiresOn ? parts.time(properties.expiresOn) : undefined,
  };
}

function parseDate(date: string | undefined): number | undefined {
  const ms = Date.parse(date ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}
