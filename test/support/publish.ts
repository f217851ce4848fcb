import { type KeyName, liveKeys } from "../../local/azure/model/dataFactory.ts";
import { type SecretVersion, setSecret } from "../../local/azure/model/keyVault.ts";
import type { AzureState } from "../../local/azure/model/state.ts";
import type { RuntimeConfig } from "../../src/config/runtimeEntry.ts";

/**
 * Writes a version with the live value of this key, as the app left it at that time, in milliseconds since 1970.
 * @param more tags besides those that every version of the app has
 */
export function publish(
  { dataFactory, keyVault }: AzureState,
  { id, vaultUrl, secretName, validityDays }: RuntimeConfig,
  key: KeyName,
  at: number,
  more: Readonly<Record<string, string>> = {},
): SecretVersion {
  const ours = { CredentialId: key, ProviderAddress: id.text, ValidityPeriodDays: String(validityDays) };
  const expires = Math.floor(at / 1000) + validityDays * 86_400;
  const vault = keyVault.vaults[new URL(vaultUrl).host];
  if (vault === undefined) throw new Error(`there is no vault ${vaultUrl}`);
  const value = liveKeys(dataFactory, id.text)[key];
  return setSecret(keyVault, vault, secretName, value, { tags: { ...ours, ...more }, expires }, at);
}
