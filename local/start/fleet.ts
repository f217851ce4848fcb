/** The runtimes of `npm start`: each ends up in a state of its own, which history.ts brings about. */
import type { LocalAzure } from "../azure/index.ts";
import type { LocalRuntime } from "../view.ts";

export const VAULT = "https://contoso.vault.azure.net";
const SUBSCRIPTION = "/subscriptions/00000000-0000-4000-8000-00000000fa4e";

const runtime = (factory: string, name: string): LocalRuntime => ({
  name,
  id: `${SUBSCRIPTION}/resourceGroups/rg-${factory}/providers/Microsoft.DataFactory/factories/contoso-${factory}/integrationRuntimes/${name}`,
  vaultUrl: VAULT,
  secretName: `contoso-${factory}-${name}`,
});

export const fleet = {
  berlin: runtime("plants", "berlin"),
  hamburg: runtime("plants", "hamburg"),
  porto: runtime("plants", "porto"),
  madrid: runtime("plants", "madrid"),
  tallinn: runtime("shops", "tallinn"),
  lisbon: runtime("shops", "lisbon"),
  vienna: runtime("shops", "vienna"),
  riga: runtime("shops", "riga"),
  oslo: runtime("labs", "oslo"),
  cadiz: runtime("labs", "cadiz"),
  turin: runtime("labs", "turin"),
  shared: runtime("labs", "berlin-shared"),
};

export const runtimes: readonly LocalRuntime[] = Object.values(fleet);

/**
 * The app's settings. Only what differs from the defaults is said of a runtime.
 * @param patterns that find more
 */
export function settingsOf(azure: LocalAzure, patterns: readonly string[] = []): Record<string, string> {
  const { berlin, madrid, lisbon, vienna } = fleet;
  const special: Record<string, object> = {
    [berlin.id]: { rotateEvery: "P60D", overlap: "P1D" },
    // A day before the others, so that it goes first.
    [madrid.id]: { rotateEvery: "P29D" },
    [lisbon.id]: { paused: true },
    [vienna.id]: { rotateEvery: "P60D" },
  };
  return {
    ...azure.env,
    ROTATION_SCHEDULE: "0 0 * * * *",
    KEY_VAULT_URL: VAULT,
    ROTATE_EVERY: "P30D",
    OVERLAP: "P2D",
    RUNTIMES: JSON.stringify([
      ...runtimes.map(({ id }) => (special[id] ? { id, ...special[id] } : id)),
      ...patterns,
    ]),
  };
}

/** Whether this is a runtime of its own, with keys to look at; a linked one has none, and one may not be there yet. */
export function hasKeys({ state }: LocalAzure, { id }: LocalRuntime): boolean {
  return state.dataFactory.runtimes[id.toLowerCase()]?.kind === "self-hosted";
}
