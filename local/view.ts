import { createHash } from "node:crypto";
import type { LocalAzure } from "./azure/index.ts";
import type { KeyName } from "./azure/model/dataFactory.ts";
import type { SecretVersion } from "./azure/model/keyVault.ts";

/** A runtime of the local Azure, and the secret that its keys go to. */
export interface LocalRuntime {
  readonly name: string;
  /** ARM id. */
  readonly id: string;
  readonly vaultUrl: string;
  readonly secretName: string;
}

/** How one runtime stands, in fingerprints: key values are for the vault alone. */
export interface View {
  readonly authKey1: string;
  readonly authKey2: string;
  /** What a reader of the secret gets; undefined where there is none, or where its version is disabled. */
  readonly named: string | undefined;
  /** The key that this is; undefined where it is a dead one. */
  readonly namedKey: KeyName | undefined;
}

/** Looks into the local Azure itself, past the app and past every fault. */
export function viewOf(azure: LocalAzure, runtime: LocalRuntime): View {
  const { authKey1, authKey2 } = azure.liveKeys(runtime.id);
  const value = readable(azure.latestVersion(runtime.vaultUrl, runtime.secretName))?.value;
  const named = value === undefined ? undefined : fingerprint(value);
  const namedKey = value === authKey1 ? "authKey1" : value === authKey2 ? "authKey2" : undefined;
  return { authKey1: fingerprint(authKey1), authKey2: fingerprint(authKey2), named, namedKey };
}

/** Tells values apart and gives none of them away. */
export function fingerprint(value: string): string {
  return createHash("sha256").update(value).digest("hex").slice(0, 6);
}

function readable(version: SecretVersion | undefined): SecretVersion | undefined {
  return version?.enabled ? version : undefined;
}
