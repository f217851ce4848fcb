import type { LocalAzure } from "../azure/index.ts";
import type { LocalRuntime } from "../view.ts";

const VAULT = "https://contoso.vault.azure.net";
const SUBSCRIPTION = "/subscriptions/00000000-0000-4000-8000-00000000fa4e";

const berlin = runtime("plants", "contoso", "berlin");
const lisbon = runtime("labs", "contoso-labs", "lisbon");
/** Borrows berlin's keys, so there is nothing to rotate: an entry that nobody should have configured. */
const shared = runtime("labs", "contoso-labs", "berlin-shared");

/** Puts three runtimes and a vault in place. Returns the runtimes, and the app's settings. */
export function furnish(azure: LocalAzure): { runtimes: LocalRuntime[]; settings: Record<string, string> } {
  azure.addVault(VAULT);
  azure.addRuntime(berlin.id);
  azure.addRuntime(lisbon.id);
  azure.addRuntime(shared.id, { kind: "linked", linkedTo: berlin.id });
  const settings = {
    ...azure.env,
    ROTATION_SCHEDULE: "0 */5 * * * *",
    KEY_VAULT_URL: VAULT,
    ROTATE_EVERY: "P30D",
    OVERLAP: "P1D",
    RUNTIMES: JSON.stringify([berlin.id, { id: lisbon.id, rotateEvery: "P7D", overlap: "PT1H" }, shared.id]),
  };
  return { runtimes: [berlin, lisbon, shared], settings };
}

function runtime(group: string, factory: string, name: string): LocalRuntime {
  return {
    name,
    id: `${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.DataFactory/factories/${factory}/integrationRuntimes/${name}`,
    vaultUrl: VAULT,
    secretName: `${factory}-${name}`,
  };
}
