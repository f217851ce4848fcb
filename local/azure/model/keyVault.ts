import { createHash } from "node:crypto";
import { checkName, checkTags, checkValue } from "./secretLimits.ts";
import { vaultErrors } from "./vaultErrors.ts";

/** One version of a secret. Times in whole seconds since 1970: the service keeps no fractions. */
export interface SecretVersion {
  /** 32 hexadecimal digits whose order says nothing about age. */
  id: string;
  value: string;
  contentType: string | undefined;
  tags: Record<string, string>;
  enabled: boolean;
  created: number;
  updated: number;
  /** Neither of these two blocks a get (docs/azure.md). */
  expires: number | undefined;
  notBefore: number | undefined;
}

export interface Secret {
  name: string;
  /** In the order of writing: the last one is the latest, also where its `created` is not the greatest. */
  versions: SecretVersion[];
  /** Seconds since 1970 of a soft delete: hidden from reads, and its name refused with 409. */
  deletedAt: number | undefined;
}

export interface Vault {
  /** The host that it answers for, such as `contoso.vault.azure.net`. */
  host: string;
  /** By lower-cased name, because Key Vault compares without case. */
  secrets: Record<string, Secret>;
}

export interface KeyVaultState {
  /** By lower-cased host. */
  vaults: Record<string, Vault>;
  /** How many versions were written so far: the next version's id is a function of this alone. */
  written: number;
}

/** What a caller may say of a version. `undefined` means unsaid. */
export interface SecretFields {
  contentType?: string | undefined;
  tags?: Record<string, string> | undefined;
  enabled?: boolean | undefined;
  expires?: number | undefined;
  notBefore?: number | undefined;
}

export function createKeyVaultState(): KeyVaultState {
  return { vaults: {}, written: 0 };
}

export function addVault(state: KeyVaultState, host: string): Vault {
  const vault: Vault = { host, secrets: {} };
  state.vaults[host.toLowerCase()] = vault;
  return vault;
}

/** The latest version, or one by its id; refused where that version is disabled. */
export function getSecret(vault: Vault, name: string, id?: string): SecretVersion {
  const version = findVersion(vault, name, id);
  if (version.enabled) return version;
  throw vaultErrors.secretDisabled();
}

/** Writes a new latest version. It carries nothing over from the one before (docs/azure.md). */
export function setSecret(
  state: KeyVaultState,
  vault: Vault,
  name: string,
  value: string,
  fields: SecretFields,
  now: number,
): SecretVersion {
  checkName(name);
  checkValue(value);
  checkTags(fields.tags);
  const existing = vault.secrets[name.toLowerCase()];
  if (existing?.deletedAt !== undefined) throw vaultErrors.secretDeleted(name);
  state.written += 1;
  const seconds = Math.floor(now / 1000);
  const version: SecretVersion = {
    id: createHash("sha256").update(`${state.written}`).digest("hex").slice(0, 32),
    value,
    contentType: fields.contentType,
    tags: { ...fields.tags },
    enabled: fields.enabled ?? true,
    created: seconds,
    updated: seconds,
    expires: fields.expires,
    notBefore: fields.notBefore,
  };
  const secret = existing ?? { name, versions: [], deletedAt: undefined };
  secret.versions.push(version);
  vault.secrets[name.toLowerCase()] = secret;
  return version;
}

/** Changes what was said and leaves the rest; tags are replaced as a whole. Also works on a disabled version. */
export function updateSecret(
  vault: Vault,
  name: string,
  id: string | undefined,
  fields: SecretFields,
  now: number,
): SecretVersion {
  checkTags(fields.tags);
  const version = findVersion(vault, name, id);
  if (fields.tags !== undefined) version.tags = { ...fields.tags };
  version.contentType = fields.contentType ?? version.contentType;
  version.enabled = fields.enabled ?? version.enabled;
  version.expires = fields.expires ?? version.expires;
  version.notBefore = fields.notBefore ?? version.notBefore;
  version.updated = Math.floor(now / 1000);
  return version;
}

/** All versions, in the order of their ids, which is no order in time. Empty where there is no such secret. */
export function listVersions(vault: Vault, name: string): SecretVersion[] {
  checkName(name);
  const secret = vault.secrets[name.toLowerCase()];
  if (secret === undefined || secret.deletedAt !== undefined) return [];
  return secret.versions.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** What the unversioned get returns, disabled or not: for tests, past every check. */
export function latestVersion(vault: Vault, name: string): SecretVersion | undefined {
  const secret = vault.secrets[name.toLowerCase()];
  return secret?.deletedAt === undefined ? secret?.versions.at(-1) : undefined;
}

/** A soft delete, as somebody with that right would do it. */
export function deleteSecret(vault: Vault, name: string, now: number): void {
  const secret = vault.secrets[name.toLowerCase()];
  if (secret === undefined) throw vaultErrors.secretNotFound(name);
  secret.deletedAt = Math.floor(now / 1000);
}

/** Undoes {@link deleteSecret}. */
export function recoverSecret(vault: Vault, name: string): void {
  const secret = vault.secrets[name.toLowerCase()];
  if (secret === undefined) throw vaultErrors.secretNotFound(name);
  secret.deletedAt = undefined;
}

function findVersion(vault: Vault, name: string, id: string | undefined): SecretVersion {
  checkName(name);
  const secret = vault.secrets[name.toLowerCase()];
  const found =
    id === undefined ? secret?.versions.at(-1) : secret?.versions.find((version) => version.id === id);
  if (found === undefined || secret?.deletedAt !== undefined) throw vaultErrors.secretNotFound(name);
  return found;
}
