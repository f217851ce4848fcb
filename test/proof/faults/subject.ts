/** What a scenario is about: one runtime and its secret, and the states in which the local Azure can hold them. */
import type { LocalAzure } from "../../../local/azure/index.ts";
import type { Operation } from "../../../local/azure/model/calls.ts";
import type { KeyName } from "../../../local/azure/model/dataFactory.ts";
import { registerNode } from "../../../local/azure/model/nodes.ts";
import { leaseBlobOf } from "../../support/leases.ts";
import { publish } from "../../support/publish.ts";
import { configOf, idOf, VAULT_URL } from "../../support/runtime.ts";

const DAY_MS = 86_400_000;

/** Those of an app that works on these runtimes as `configOf` has them. */
export function settingsOf(...ids: readonly string[]): Record<string, string> {
  return {
    RUNTIMES: JSON.stringify(ids.map(idOf)),
    KEY_VAULT_URL: VAULT_URL,
    OVERLAP: "P1D",
    AzureWebJobsStorage__accountName: "account",
  };
}

/** Part of what names it where this is called: ARM id, secret, or the blob of its lease. */
export function resourceOf(id: string, operation: Operation): string {
  return operation.endsWith("Lease") ? leaseBlobOf(idOf(id)) : id;
}

/** The key was published so many days ago. The tags of others are to be carried over. */
export function published({ state, clock }: LocalAzure, id: string, key: KeyName, daysAgo: number) {
  return publish(state, configOf(id), key, clock.now() - daysAgo * DAY_MS, { owner: "us" });
}

/** The steady state: authKey2 was published two rotations ago, authKey1 is published since. */
export function steady(azure: LocalAzure, id: string, daysAgo = 31) {
  azure.addRuntime(idOf(id));
  published(azure, id, "authKey2", daysAgo + 31);
  return published(azure, id, "authKey1", daysAgo);
}

/** With two nodes, which nobody has given another key for long. */
export function addNodes(azure: LocalAzure, id: string): void {
  const { authKey1 } = azure.liveKeys(idOf(id));
  const since = azure.clock.now() - 100 * DAY_MS;
  for (const name of ["first", "second"]) {
    registerNode(azure.state.dataFactory, idOf(id), name, authKey1, since);
  }
}

/** Rotated two days ago, when both of its nodes were online. */
export function watched(azure: LocalAzure, id: string): void {
  const { tags, created } = steady(azure, id, 2);
  addNodes(azure, id);
  tags.RotationState = JSON.stringify({ v: 1, n: 2, note: [2, 0, created, "authKey1", 2, null] });
}
