import type { LocalAzure } from "../azure/index.ts";
import type { LocalRuntime } from "../view.ts";

const VAULT = "https://contoso.vault.azure.net";
const FACTORY =
  "/subscriptions/00000000-0000-4000-8000-00000000fa4e/resourceGroups/plants/providers/Microsoft.DataFactory/factories/contoso";

/** The two runtimes of the demo; their rotations fall on different days. */
export const berlin = runtime("berlin");
export const lisbon = runtime("lisbon");
export const cast = [berlin, lisbon] as const;

/** The first tick; the local Azure's clock stands still between the events, so every run shows the same. */
export const START = Date.UTC(2026, 0, 1, 3);

/** Puts both runtimes and the vault in place, and tells the app's settings. */
export function settle(azure: LocalAzure): Record<string, string> {
  azure.clock.stop(START);
  azure.addVault(VAULT);
  for (const { id } of cast) azure.addRuntime(id);
  return {
    ...azure.env,
    ROTATION_SCHEDULE: "0 0 3 * * *",
    KEY_VAULT_URL: VAULT,
    RUNTIMES: JSON.stringify([berlin.id, { id: lisbon.id, rotateEvery: "P6W" }]),
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
