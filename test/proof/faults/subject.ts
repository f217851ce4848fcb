/** What a scenario is about: one runtime and its secret, and the states in which the local Azure can hold them. */
import { createHash } from "node:crypto";
import type { LocalAzure } from "../../../local/azure/index.ts";
import { setSecret } from "../../../local/azure/model/keyVault.ts";
import { registerNode } from "../../../local/azure/model/nodes.ts";
import { type Config, readConfig } from "../../../src/config/config.ts";

export const VAULT = "contoso.vault.azure.net";
const SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";
const DAY_MS = 86_400_000;

export function armIdOf(id: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.DataFactory/factories/contoso/integrationRuntimes/${id}`;
}

export function settingsOf(id: string): Record<string, string> {
  return {
    RUNTIMES: JSON.stringify([{ id: armIdOf(id), secretName: secretNameOf(id) }]),
    KEY_VAULT_URL: `https://${VAULT}`,
    OVERLAP: "P1D",
    AzureWebJobsStorage__accountName: "account",
  };
}

export function configOf(id: string): Config {
  return readConfig(settingsOf(id));
}

/** Part of what names it anywhere: ARM id, secret, or the blob of its lease. */
export function resourcesOf(id: string): readonly [armOrVault: string, blob: string] {
  return [id, createHash("sha256").update(armIdOf(id).toLowerCase()).digest("hex")];
}

export function secretNameOf(id: string): string {
  return `secret-${id}`;
}

/** A version of so many days ago, with our tags where it is tagged as one of the keys. */
export function write(
  azure: LocalAzure,
  id: string,
  value: string,
  key: string | undefined,
  daysAgo: number,
): void {
  const { keyVault } = azure.state;
  const vault = keyVault.vaults[VAULT] ?? azure.addVault(VAULT);
  const now = azure.clock.now();
  const tags =
    key === undefined
      ? { owner: "another team" }
      : { CredentialId: key, ProviderAddress: armIdOf(id), ValidityPeriodDays: "60", owner: "us" };
  const expires = Math.floor((now + (60 - daysAgo) * DAY_MS) / 1000);
  setSecret(keyVault, vault, secretNameOf(id), value, { tags, expires }, now - daysAgo * DAY_MS);
}

/** The steady state: authKey2 was published two rotations ago, authKey1 is published since. */
export function steady(azure: LocalAzure, id: string, daysAgo = 31): void {
  azure.addRuntime(armIdOf(id));
  const keys = azure.liveKeys(armIdOf(id));
  write(azure, id, keys.authKey2, "authKey2", daysAgo + 31);
  write(azure, id, keys.authKey1, "authKey1", daysAgo);
}

/** With two nodes, which nobody has given another key for long. */
export function addNodes(azure: LocalAzure, id: string): void {
  const { authKey1 } = azure.liveKeys(armIdOf(id));
  const { dataFactory } = azure.state;
  const since = azure.clock.now() - 100 * DAY_MS;
  for (const name of ["first", "second"]) registerNode(dataFactory, armIdOf(id), name, authKey1, since);
}

/** Rotated two days ago, when both of its nodes were online. */
export function watched(azure: LocalAzure, id: string): void {
  steady(azure, id, 2);
  addNodes(azure, id);
  const latest = azure.state.keyVault.vaults[VAULT]!.secrets[secretNameOf(id)]!.versions.at(-1)!;
  const note = [2, 0, latest.created, "authKey1", 2, null];
  latest.tags.RotationState = JSON.stringify({ v: 1, n: 2, note });
}
