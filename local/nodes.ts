/** The nodes of the local Azure's runtimes, as the demo and `npm start` show and heal them. */
import type { LocalAzure } from "./azure/index.ts";
import { giveKey, listNodes } from "./azure/model/nodes.ts";
import type { LocalRuntime } from "./view.ts";

export interface NodeCount {
  readonly online: number;
  readonly all: number;
}

export function countNodes({ state, clock }: LocalAzure, { id }: LocalRuntime): NodeCount {
  const nodes = listNodes(state.dataFactory, id, clock.now());
  const online = nodes.filter(({ status }) => status === "Online" || status === "Limited");
  return { online: online.length, all: nodes.length };
}

/**
 * Plays what nodes/Sync-IntegrationRuntimeKey.ps1 does on each node of a runtime: one that does not have the key that
 * the vault names is given it. The script itself runs in `npm run test:nodes`.
 */
export function playNodeScript(azure: LocalAzure, { id, vaultUrl, secretName }: LocalRuntime): void {
  const latest = azure.latestVersion(vaultUrl, secretName);
  if (!latest?.enabled) return;
  const { dataFactory } = azure.state;
  for (const { name, key } of dataFactory.runtimes[id.toLowerCase()]?.nodes ?? []) {
    if (key !== latest.value) giveKey(dataFactory, id, name, latest.value, azure.clock.now());
  }
}
