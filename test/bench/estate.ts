import type { LocalAzure } from "../../local/azure/index.ts";
import { setSecret } from "../../local/azure/model/keyVault.ts";

export const VAULT = "https://contoso.vault.azure.net";
const DAY = 86_400_000;

export function subscription(n: number): string {
  return `/subscriptions/${`${n}`.padStart(8, "0")}-0000-0000-0000-000000000000`;
}

/**
 * Adds runtimes whose first key was published so many days ago, and returns the settings of an app that looks after them,
 * each with an entry of its own or all by a pattern.
 */
export function addEstate(
  azure: LocalAzure,
  { name, count, daysOld = 1, of = 0, byPattern = false }: Estate,
): Record<string, string> {
  const vault = azure.state.keyVault.vaults[new URL(VAULT).host] ?? azure.addVault(VAULT);
  const now = azure.clock.now();
  const factory = `${subscription(of)}/resourceGroups/bench/providers/Microsoft.DataFactory/factories/${name}`;
  const ids = Array.from({ length: count }, (_, index) => `${factory}/integrationRuntimes/ir-${index}`);
  for (const [index, id] of ids.entries()) {
    azure.addRuntime(id);
    const tags = { CredentialId: "authKey1", ProviderAddress: id, ValidityPeriodDays: "60" };
    const { authKey1 } = azure.liveKeys(id);
    setSecret(azure.state.keyVault, vault, `${name}-ir-${index}`, authKey1, { tags }, now - daysOld * DAY);
  }
  const entries = byPattern ? [`${factory}/integrationRuntimes/*`] : ids;
  return { ...azure.env, KEY_VAULT_URL: VAULT, RUNTIMES: JSON.stringify(entries) };
}

export interface Estate {
  /** Of its factory. */
  readonly name: string;
  readonly count: number;
  readonly daysOld?: number;
  /** Which subscription. */
  readonly of?: number;
  readonly byPattern?: boolean;
}

/** The settings of one app for several estates. */
export function together(all: readonly Record<string, string>[]): Record<string, string> {
  const entries = all.flatMap(({ RUNTIMES = "[]" }) => JSON.parse(RUNTIMES) as string[]);
  return { ...all[0], RUNTIMES: JSON.stringify(entries) };
}
