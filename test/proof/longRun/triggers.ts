import type { RequestKind } from "../shared/run.ts";
import { act } from "./acts.ts";
import { kill, startRun } from "./runs.ts";
import { DAY, HOUR } from "./scheduler.ts";
import type { Runtime, World } from "./world.ts";

/** Plans whatever happens to an app by itself, far more often than in real life, until the world is calm. */
export function planTriggers(world: World): void {
  const { random, instances, records, othersUntil } = world;
  const interval = random.pick([DAY, DAY, DAY, DAY / 2]);
  const tickAgain = () => {
    // Now and then one is lost.
    if (!random.chance(0.01)) tick(world);
    else for (const record of records) record.wrongAt = world.now;
    world.later(interval, tickAgain);
  };
  world.later(random.between(0, interval), tickAgain);
  world.every(20 * DAY, () => kill(world, random.pick(instances)));
  world.every(40 * DAY, () => {
    const of = random.pick(["Azure Resource Manager", "Key Vault", "Blob Storage", "addVersion"] as const);
    const status = of === "addVersion" ? 403 : random.pick([403, 429, 500, 503, undefined]);
    world.outage = { of, status, until: world.now + random.waiting(5 * HOUR) };
  });
  world.every(30 * DAY, () => {
    if (records.length > 0) startRun(world, random.pick(["on-demand", "compromised"]), records);
  });
  world.every(10 * DAY, () => {
    const { subscriptionId = "" } = random.pick(records)?.config.id ?? {};
    othersUntil.set(subscriptionId, world.now + random.waiting(8 * HOUR));
  });
}

/** Plans what happens to one runtime. */
export function planActsOn(world: World, record: Runtime): void {
  world.every(25 * DAY, () => call(world, record, "on-demand"));
  world.every(150 * DAY, () => call(world, record, "compromised"));
  world.every(25 * DAY, () => act(world, record));
}

const MEANWHILE = [
  ["call", 4],
  ["compromise", 1],
  ["tick", 1],
  ["act", 4],
] as const;

/** A run has just taken the lease of a runtime, or died with it: something else may happen to that. */
export function whenLeased(world: World, record: Runtime): void {
  const { random, calm, records } = world;
  if (calm || !random.chance(0.12)) return;
  const [what] = random.weighted(MEANWHILE, ([, weight]) => weight);
  // A tick is for all: a large app has no more of them than a small one.
  if (what === "tick" && !random.chance(10 / records.length)) return;
  world.later(random.between(0, 20_000), () => {
    if (what === "act") act(world, record);
    else if (what === "tick") tick(world);
    else ask(world, record, what === "call" ? "on-demand" : "compromised");
  });
}

/** Somebody may ask again at the very end of the overlap of what was published. */
export function whenPublished(world: World, record: Runtime): void {
  const { random, calm, now } = world;
  if (calm || !random.chance(0.25)) return;
  const ends = record.latest!.created * 1000 + record.config.overlap.ms;
  world.later(ends + random.between(-500, 3000) - now, () => ask(world, record, "on-demand"));
}

/** A tick of the timer, of all runtimes that there are. */
export function tick(world: World): void {
  for (const record of world.records) checkDue(world, record);
  startRun(world, "timer", []);
}

/** Promise 5, and the order of a tick: who is due is rotated within three days, once nothing is wrong. */
function checkDue(world: World, record: Runtime): void {
  const { now, outage, throttledAt } = world;
  if (record.trouble !== undefined) record.wrongAt = now;
  if (!record.isDue(now)) return;
  world.count("due at a tick");
  const { id, rotateEvery } = record.config;
  const dueAt = record.latest!.created * 1000 + rotateEvery.ms;
  const throttled = throttledAt.get(id.subscriptionId) ?? 0;
  const wellSince = Math.max(dueAt, record.wrongAt, throttled, Math.min(now, outage?.until ?? 0));
  if (now - wellSince < 3 * DAY) return;
  const days = ((now - dueAt) / DAY).toFixed(1);
  world.fail(record, `promise 5: due for ${days} days and not rotated, and nothing was wrong`);
}

/** A call, now and then in a burst of several, which come to other instances within seconds. */
function call(world: World, record: Runtime, request: RequestKind): void {
  const { random } = world;
  ask(world, record, request);
  if (!random.chance(0.3)) return;
  for (let more = 1 + random.below(3); more > 0; more--) {
    const later = random.chance(0.3) ? "compromised" : "on-demand";
    world.later(random.between(0, 20_000), () => ask(world, record, later));
  }
}

/** A call for one runtime, now and then with others. */
function ask(world: World, record: Runtime, request: RequestKind): void {
  const { random, records } = world;
  const share = request === "on-demand" ? Math.min(0.05, 1 / records.length) : 0;
  const others = records.filter((other) => other !== record && random.chance(share));
  startRun(world, request, [record, ...others]);
}
