import { addRuntime, regenerateAuthKey, removeRuntime } from "../../../local/azure/model/dataFactory.ts";
import { runtimeGuid } from "../../../local/azure/model/keyValue.ts";
import { setSecret } from "../../../local/azure/model/keyVault.ts";
import { configFor } from "../../../src/config/foundRuntime.ts";
import { parseRuntimeId, type RuntimeId } from "../../../src/config/runtimeId.ts";
import { KEY_NAMES } from "../../../src/services.ts";
import { does } from "./acts.ts";
import { addNodes } from "./nodes.ts";
import { DAY, MINUTE } from "./scheduler.ts";
import { planActsOn } from "./triggers.ts";
import { Runtime, type World } from "./world.ts";

/** A runtime that a pattern finds is deleted, and made again. */
const GONE_EVERY_MS = 200 * DAY;
const GONE_FOR_MS = 15 * DAY;

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
  world.later(random.waiting(GONE_EVERY_MS), () => {
    does(world, record, "deletes the runtime", () => {
      // Its keys die with it. Those that the record goes by from here on are known to nobody.
      for (const key of KEY_NAMES) regenerateAuthKey(azure.dataFactory, text, key, world.now);
      removeRuntime(azure.dataFactory, text);
    });
    const goneFor = random.chance(0.2) ? random.between(0, 5 * MINUTE) : random.waiting(GONE_FOR_MS);
    world.later(goneFor, () => {
      const other = { guid: runtimeGuid(`${text} ${world.now}`) };
      does(world, record, "makes the runtime again", () =>
        addRuntime(azure.dataFactory, text, world.now, random.chance(0.5) ? other : {}),
      );
      planGoing(world, record);
    });
  });
}
