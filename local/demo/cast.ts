import type { LocalAzure } from "../azure/index.ts";
import type { LocalRuntime } from "../view.ts";

const VAULT = "https://contoso.vault.azure.net";
const FACTORY =
  "/subscriptions/00000000-0000-4000-8000-00000000fa4e/resourceGroups/plants/providers/Microsoft.DataFactory/factories/contoso";
const HOUR = 3_600_000;

/** The two runtimes of the first part; their rotations fall on different days. */
export const berlin = runtime("berlin");
export const lisbon = runtime("lisbon");
/** The three of the second part, whose nodes are looked at. */
export const oslo = runtime("oslo");
export const porto = runtime("porto");
export const vienna = runtime("vienna");
export const withNodes = [oslo, porto, vienna] as const;
export const cast = [berlin, lisbon, ...withNodes] as const;

/** Entries of the setting `RUNTIMES`, for each part. */
export const FIRST_PART = [berlin.id, { id: lisbon.id, rotateEvery: "P6W" }];
export const SECOND_PART = withNodes.map(({ id }) => ({ id, rotateEvery: "P14D" }));

/** The first tick; the local Azure's clock stands still between the events, so every run shows the same. */
export const START = Date.UTC(2026, 0, 1, 3);

/** Puts the runtimes and the vault in place, and returns the app's settings without `RUNTIMES`. */
export function settle(azure: LocalAzure): Record<string, string> {
  azure.clock.stop(START);
  azure.addVault(VAULT);
  for (const { id } of cast) azure.addRuntime(id);
  // As somebody does who copies a template: nearly all of them hand out authKey1.
  for (const { id, name } of withNodes) {
    for (const number of [1, 2]) azure.registerNode(id, `${name}-${number}`, azure.liveKeys(id).authKey1);
  }
  // When a node notices that its key is dead is not documented (docs/azure.md).
  azure.state.dataFactory.nodeWorld.lossAfterMs = 6 * HOUR;
  return {
    ...azure.env,
    ROTATION_SCHEDULE: "0 0 3 * * *",
    KEY_VAULT_URL: VAULT,
    ROTATE_EVERY: "P30D",
    OVERLAP: "P1D",
  };
}

function runtime(name: string): LocalRuntime {
  return {
    name,
    id: `${FACTORY}/integrationRuntimes/${name}`,
    vaultUrl: VAULT,
    secretName: `contoso-${name}`,
  };
}
