import { parseObject } from "./jsonBody.ts";
import type { SecretFields, SecretVersion, Vault } from "./model/keyVault.ts";
import { vaultErrors } from "./model/vaultErrors.ts";

/** A version without its value, as updates and lists answer it. */
export function describeItem(vault: Vault, name: string, version: SecretVersion): object {
  const { id, contentType, tags, enabled, created, updated, expires, notBefore } = version;
  return {
    id: `https://${vault.host}/secrets/${name}/${id}`,
    contentType,
    attributes: {
      enabled,
      nbf: notBefore,
      exp: expires,
      created,
      updated,
      recoveryLevel: "Recoverable+Purgeable",
      recoverableDays: 90,
    },
    tags: Object.keys(tags).length === 0 ? undefined : tags,
  };
}

/** A version with its value. */
export function describeSecret(vault: Vault, name: string, version: SecretVersion): object {
  return { value: version.value, ...describeItem(vault, name, version) };
}

interface SecretBody {
  value?: string;
  contentType?: string;
  tags?: Record<string, string>;
  attributes?: { enabled?: boolean; exp?: number; nbf?: number };
}

/** The body of a `PUT` or `PATCH`. */
export function parseSecret(body: string): { value: string | undefined; fields: SecretFields } {
  const parsed: SecretBody | undefined = parseObject(body);
  if (parsed === undefined) throw vaultErrors.badParameter("The request body is not valid JSON.");
  const { value, contentType, tags, attributes } = parsed;
  return {
    value,
    fields: {
      contentType,
      tags,
      enabled: attributes?.enabled,
      expires: attributes?.exp,
      notBefore: attributes?.nbf,
    },
  };
}
