import { addRuntime } from "../../../local/azure/model/dataFactory.ts";
import { addVault, setSecret } from "../../../local/azure/model/keyVault.ts";
import { createState } from "../../../local/azure/model/state.ts";
import { configFor } from "../../../src/config/foundRuntime.ts";
import { parseRuntimeId, type RuntimeId } from "../../../src/config/runtimeId.ts";
import { KEY_NAMES } from "../../../src/services.ts";
import { planComing, planGoing } from "./comeAndGo.ts";
import { ending } from "./ending.ts";
import { createEstate } from "./estate.ts";
import { Instance } from "./instance.ts";
import { addNodes } from "./nodes.ts";
import { Random } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { planActsOn, planTriggers } from "./triggers.ts";
import { Runtime, type World } from "./world.ts";

const START = Date.parse("2030-01-01T00:00:00Z");
const INSTANCES = 3;

/** One app, simulated from its first tick to a calm end. */
export async function simulateApp(
  seed: number,
  app: number,
  runtimes: number,
  years: number,
): Promise<World> {
  const random = new Random(seed, app);
  const azure = createState();
  const { config, ids, byPattern } = createEstate(app, runtimes, azure, random, START);
  const world = createWorld(random, azure, config);
  for (const id of ids) {
    const isOwn = config.runtimes.some((own) => own.id.text === id);
    if (!isOwn && random.chance(0.3)) planComing(world, () => come(world, id, byPattern));
    else come(world, id, byPattern);
  }
  planTriggers(world);
  await world.scheduler.runUntil(START + years * 365 * 86_400_000);
  await ending(world);
  return world;
}

/** A runtime is there for the first time. */
function come(world: World, id: string, goes: boolean): void {
  const { random, azure, vault, config, scheduler } = world;
  addRuntime(azure.dataFactory, id, scheduler.now);
  const record = new Runtime(configFor(parseRuntimeId(id) as RuntimeId, config)!, azure.dataFactory, vault);
  record.wrongAt = scheduler.now;
  world.records.push(record);
  // Some secrets are there before the app is: with a key that somebody has put there by hand.
  if (random.chance(0.5)) {
    const fields = { tags: random.chance(0.5) ? { owner: "team-a" } : {} };
    const value = record.live[random.pick(KEY_NAMES)];
    const { secretName } = record.config;
    record.handVersions.add(setSecret(azure.keyVault, vault, secretName, value, fields, scheduler.now).id);
    record.settle(scheduler.now, "hand");
  }
  addNodes(world, record);
  planActsOn(world, record);
  if (goes) planGoing(world, record);
}

function createWorld(random: Random, azure: World["azure"], config: World["config"]): World {
  const scheduler = new Scheduler(START);
  const parts = { random, scheduler, config };
  return {
    ...parts,
    azure,
    vault: addVault(azure.keyVault, "contoso.vault.azure.net"),
    leases: new Map(),
    records: [],
    instances: Array.from({ length: INSTANCES }, (_, number) => new Instance(parts, number)),
    othersSpend: new Map(),
    throttledAt: new Map(),
    sentAt: new Map(),
    counts: {},
    leased: () => {},
    published: () => {},
    outage: undefined,
    calm: false,
    violation: undefined,
  };
}
