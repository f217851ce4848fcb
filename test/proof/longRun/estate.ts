import { addRuntime, regenerateAuthKey, removeRuntime } from "../../../local/azure/model/dataFactory.ts";
import { runtimeGuid } from "../../../local/azure/model/keyValue.ts";
import { setSecret } from "../../../local/azure/model/keyVault.ts";
import type { AzureState } from "../../../local/azure/model/state.ts";
import { readConfig } from "../../../src/config/config.ts";
import { configFor } from "../../../src/config/foundRuntime.ts";
import { parseRuntimeId, type RuntimeId } from "../../../src/config/runtimeId.ts";
import { KEY_NAMES } from "../../../src/services.ts";
import { withRuntimes } from "../../config/settings.ts";
import { does } from "./acts.ts";
import { addNodes } from "./nodes.ts";
import type { Random } from "./random.ts";
import { DAY, MINUTE } from "./scheduler.ts";
import { planActsOn } from "./triggers.ts";
import { Runtime, type World } from "./world.ts";

/** So many can ask their subscription for more than it answers at once. */
const LARGE = 100;

const OVERLAP_HOURS = [2, 6, 12, 24, 24, 24, 48, 96, 168];
/** Besides the shortest that the overlap allows. */
const ROTATE_DAYS = [3, 5, 7, 10, 15, 30, 60];

/**
 * What an app is configured with, and the ids of all runtimes that it will ever have. Every other app finds its
 * runtimes, which then come and go, by patterns, but for some with entries of their own.
 */
export function createEstate(app: number, size: number, azure: AzureState, random: Random, now: number) {
  const byPattern = app % 2 === 0;
  const factories = factoriesOf(app, size, random);
  const ids = Array.from({ length: size }, (_, n) => `${factories[n % factories.length]!.runtimes}/ir${n}`);
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

/** Factories, each in a subscription of its own, those of a large app all in one, and what patterns call them. */
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

/** A runtime is there for the first time. */
export function come(world: World, id: string, goes: boolean): void {
  const { random, azure, vault, config, now, records, byName } = world;
  addRuntime(azure.dataFactory, id, now);
  const record = new Runtime(configFor(parseRuntimeId(id) as RuntimeId, config)!, azure.dataFactory, vault);
  const { secretName } = record.config;
  record.wrongAt = now;
  records.push(record);
  byName.set(record.config.id.key, record).set(secretName, record);
  // Some secrets are there before the app is: with a key that somebody has put there by hand.
  if (random.chance(0.5)) {
    const tags: Record<string, string> = random.chance(0.5) ? { owner: "team-a" } : {};
    const value = record.live[random.pick(KEY_NAMES)];
    record.handVersions.add(setSecret(azure.keyVault, vault, secretName, value, { tags }, now).id);
    record.settle(now, "hand");
  }
  addNodes(world, record);
  planActsOn(world, record);
  if (goes) planGoing(world, record);
}

/** Somebody deletes the runtime, and makes it again: while runs are at work on it, or days later. */
function planGoing(world: World, record: Runtime): void {
  const { random, azure } = world;
  const { text } = record.config.id;
  world.later(random.waiting(200 * DAY), () => {
    does(world, record, "deletes the runtime", () => {
      // Its keys die with it. Those that the record goes by from here on are known to nobody.
      for (const key of KEY_NAMES) regenerateAuthKey(azure.dataFactory, text, key, world.now);
      removeRuntime(azure.dataFactory, text);
    });
    const goneFor = random.chance(0.2) ? random.between(0, 5 * MINUTE) : random.waiting(15 * DAY);
    world.later(goneFor, () => {
      const other = { guid: runtimeGuid(`${text} ${world.now}`) };
      does(world, record, "makes the runtime again", () =>
        addRuntime(azure.dataFactory, text, world.now, random.chance(0.5) ? other : {}),
      );
      planGoing(world, record);
    });
  });
}
