import { addRuntime } from "../../../local/azure/model/dataFactory.ts";
import type { AzureState } from "../../../local/azure/model/state.ts";
import { type Config, readConfig } from "../../../src/config/config.ts";
import { withRuntimes } from "../../config/settings.ts";
import type { Random } from "./random.ts";

/** What an app is configured with, and the ids of all runtimes that it will ever have. */
export interface Estate {
  readonly config: Config;
  readonly ids: readonly string[];
  /** Whether patterns find its runtimes, which then come and go. */
  readonly byPattern: boolean;
}

/** So many can ask their subscription for more than it answers at once. */
const LARGE = 100;

const OVERLAP_HOURS = [2, 6, 12, 24, 24, 24, 48, 96, 168];
/** Besides the shortest that the overlap allows. */
const ROTATE_DAYS = [3, 5, 7, 10, 15, 30, 60];

/** Every other app finds its runtimes by patterns, but for some with entries of their own. */
export function createEstate(
  app: number,
  size: number,
  azure: AzureState,
  random: Random,
  now: number,
): Estate {
  const byPattern = app % 2 === 0;
  const factories = factoriesOf(app, size, random);
  const ids = Array.from(
    { length: size },
    (_, index) => `${factories[index % factories.length]!.runtimes}/ir${index}`,
  );
  const own = ids.filter(() => !byPattern || random.chance(0.1)).map((id) => ({ id, ...timesOf(random) }));
  const patterns = factories.map(({ runtimes, scopes }) => {
    addRuntime(azure.dataFactory, `${runtimes}/managed`, now, { kind: "managed" });
    const except = random.chance(0.5) ? ["left-out"] : [];
    for (const name of except) addRuntime(azure.dataFactory, `${runtimes}/${name}`, now);
    return { id: `${random.pick(scopes)}/integrationRuntimes/*`, except, ...timesOf(random) };
  });
  const entries = byPattern ? [...own, ...patterns] : own;
  const config = readConfig({ ...withRuntimes(...entries), CONCURRENCY: size >= LARGE ? "64" : "8" });
  return { config, ids, byPattern };
}

/** Factories, each in a subscription of its own, those of a large app all in one: with each form that a pattern may have. */
function factoriesOf(app: number, size: number, random: Random) {
  const isLarge = size >= LARGE;
  const count = isLarge ? 5 : Math.min(random.pick([1, 1, 2, 3]), size);
  return Array.from({ length: count }, (_, number) => {
    const of = `${isLarge ? 0 : number}`.padStart(12, "0");
    const subscription = `/subscriptions/${`${app}`.padStart(8, "0")}-0000-4000-8000-${of}`;
    const inAll = "providers/Microsoft.DataFactory/factories";
    const group = `${subscription}/resourceGroups/rg-one/${inAll}`;
    const id = `${group}/app${app}-f${number}`;
    const scopes = isLarge ? [id] : [id, `${group}/*`, `${subscription}/${inAll}/*`];
    return { runtimes: `${id}/integrationRuntimes`, scopes };
  });
}

function timesOf(random: Random) {
  const overlap = random.pick(OVERLAP_HOURS);
  const days = ROTATE_DAYS.filter((days) => days * 24 > overlap);
  const hours = random.chance(0.15) && overlap >= 24 ? overlap + 1 : random.pick(days) * 24;
  return { overlap: `PT${overlap}H`, rotateEvery: `PT${hours}H` };
}
