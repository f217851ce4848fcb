import { addRuntime } from "../../../local/azure/model/dataFactory.ts";
import { addVault, setSecret } from "../../../local/azure/model/keyVault.ts";
import { createState } from "../../../local/azure/model/state.ts";
import { readConfig } from "../../../src/config/config.ts";
import { KEY_NAMES } from "../../../src/services.ts";
import { armId, withRuntimes } from "../../config/settings.ts";
import { ending } from "./ending.ts";
import { addNodes } from "./nodes.ts";
import { Random } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { planTriggers } from "./triggers.ts";
import { Runtime, type World } from "./world.ts";

const START = Date.parse("2030-01-01T00:00:00Z");
const INSTANCES = 3;

const overlapHours = [2, 6, 12, 24, 24, 24, 48, 96, 168];
/** Besides the shortest that the overlap allows. */
const rotateDays = [3, 5, 7, 10, 15, 30, 60];

/** One app, simulated from its first tick to a calm end. */
export async function simulateApp(
  seed: number,
  app: number,
  runtimes: number,
  years: number,
): Promise<World> {
  const world = createWorld(seed, app, runtimes);
  for (const record of world.records) addNodes(world, record);
  planTriggers(world);
  await world.scheduler.runUntil(START + years * 365 * 86_400_000);
  await ending(world);
  return world;
}

function createWorld(seed: number, app: number, runtimes: number): World {
  const random = new Random(seed, app);
  const azure = createState();
  const vault = addVault(azure.keyVault, "contoso.vault.azure.net");
  const names = Array.from({ length: runtimes }, (_, index) => `app${app}-ir${index}`);
  const config = readConfig(withRuntimes(...names.map((name) => entry(name, random))));
  const records = config.runtimes.map((one) => {
    addRuntime(azure.dataFactory, one.id.text, START);
    const record = new Runtime(one, azure.dataFactory, vault);
    // Some secrets are there before the app is: with a key that somebody has put there by hand.
    if (random.chance(0.5)) return record;
    const fields = { tags: random.chance(0.5) ? { owner: "team-a" } : {} };
    const value = record.live[random.pick(KEY_NAMES)];
    record.handVersions.add(setSecret(azure.keyVault, vault, one.secretName, value, fields, START).id);
    record.settle(START, "hand");
    return record;
  });
  return {
    random,
    scheduler: new Scheduler(START),
    azure,
    vault,
    leases: new Map(),
    config,
    records,
    instances: Array.from({ length: INSTANCES }, (_, number) => ({
      number,
      runs: new Set(),
      skew: random.between(-10, 10) * 60_000,
    })),
    counts: {},
    leased: () => {},
    published: () => {},
    outage: undefined,
    calm: false,
    violation: undefined,
  };
}

function entry(name: string, random: Random) {
  const overlap = random.pick(overlapHours);
  const days = rotateDays.filter((days) => days * 24 > overlap);
  const hours = random.chance(0.15) && overlap >= 24 ? overlap + 1 : random.pick(days) * 24;
  return { id: armId(name), overlap: `PT${overlap}H`, rotateEvery: `PT${hours}H` };
}
