import type { RequestKind } from "../shared/run.ts";
import { act } from "./acts.ts";
import { kill, startRun } from "./runs.ts";
import { DAY, HOUR } from "./scheduler.ts";
import type { Runtime, World } from "./world.ts";

/** How often things happen, far above real life. Times in milliseconds, the rest are probabilities. */
const rates = {
  /** Of one runtime: on average so long between two of them. */
  onDemandEvery: 25 * DAY,
  compromiseEvery: 150 * DAY,
  actEvery: 25 * DAY,
  /** A call that comes right when the overlap of what was published ends. */
  callAtOverlapEnd: 0.25,
  /** A call comes with others, from other instances, within seconds. */
  burst: 0.3,
  dryRun: 0.08,
  /** While a run holds the lease, something else happens to the same runtime: a call, a tick or an outside act. */
  whileAtWork: 0.12,
  /** Of one app. */
  restartEvery: 20 * DAY,
  outageEvery: 40 * DAY,
  outageLasts: 5 * HOUR,
  tickLost: 0.01,
  /** A call for all runtimes that there are. */
  callForAllEvery: 30 * DAY,
  /** Others spend what a subscription answers. */
  othersSpendEvery: 10 * DAY,
  othersSpendFor: 8 * HOUR,
} as const;

/** Who is due is rotated so soon, once nothing is wrong. */
const STARVES_AFTER_MS = 3 * DAY;

/** Plans whatever happens to an app by itself, for as long as the world is not calm. */
export function planTriggers(world: World): void {
  const { random, instances, records } = world;
  const interval = random.pick([DAY, DAY, DAY, DAY / 2]);
  const tickAgain = () => {
    if (!random.chance(rates.tickLost)) tick(world);
    else for (const record of records) record.wrongAt = world.now;
    world.later(interval, tickAgain);
  };
  world.later(random.between(0, interval), tickAgain);
  world.every(rates.restartEvery, () => kill(world, random.pick(instances)));
  world.every(rates.outageEvery, () => breakSomething(world));
  world.every(rates.callForAllEvery, () => {
    const request = random.chance(0.5) ? "on-demand" : "compromised";
    if (records.length > 0) startRun(world, request, records, random.chance(rates.dryRun));
  });
  world.every(rates.othersSpendEvery, () => {
    if (records.length === 0) return;
    const { subscriptionId } = random.pick(records).config.id;
    world.subscription(subscriptionId).othersUntil = world.now + random.waiting(rates.othersSpendFor);
  });
}

/** Plans what happens to one runtime. */
export function planActsOn(world: World, record: Runtime): void {
  world.every(rates.onDemandEvery, () => call(world, record, "on-demand"));
  world.every(rates.compromiseEvery, () => call(world, record, "compromised"));
  world.every(rates.actEvery, () => act(world, record));
}

/** A run has just taken the lease of a runtime, or died with it: something else may happen to that. */
export function whenLeased(world: World, record: Runtime): void {
  const { random, calm, records } = world;
  if (calm || !random.chance(rates.whileAtWork)) return;
  world.later(random.between(0, 20_000), () => {
    // A tick is for all: a large app has no more of them than a small one.
    const all = { "on-demand": 4, compromised: 1, tick: Math.min(1, 10 / records.length), act: 4 };
    const [what] = random.weighted(Object.entries(all), ([, weight]) => weight);
    if (what === "act") act(world, record);
    else if (what === "tick") tick(world);
    else ask(world, record, what as RequestKind);
  });
}

/** Somebody may ask again at the very end of the overlap of what was published. */
export function whenPublished(world: World, record: Runtime): void {
  const { random, calm, now } = world;
  if (calm || !random.chance(rates.callAtOverlapEnd)) return;
  const ends = record.latest!.created * 1000 + record.config.overlap.ms;
  world.later(ends + random.between(-500, 3000) - now, () => ask(world, record, "on-demand"));
}

/** A tick of the timer, of all runtimes that there are. */
export function tick(world: World): void {
  for (const record of world.records) checkDue(world, record);
  startRun(world, "timer", []);
}

/** Promise 5, and the order of a tick: a runtime that is due is rotated within days, once nothing is wrong with it. */
function checkDue(world: World, record: Runtime): void {
  const { now, outage } = world;
  if (record.trouble !== undefined) record.wrongAt = now;
  if (!record.isDue(now)) return;
  world.count("due at a tick");
  const { id, rotateEvery } = record.config;
  const { throttledAt } = world.subscription(id.subscriptionId);
  const dueAt = record.latest!.created * 1000 + rotateEvery.ms;
  const wellSince = Math.max(dueAt, record.wrongAt, throttledAt, Math.min(now, outage?.until ?? 0));
  if (now - wellSince < STARVES_AFTER_MS) return;
  const days = ((now - dueAt) / DAY).toFixed(1);
  world.fail(record, `promise 5: due for ${days} days and not rotated, and nothing was wrong`);
}

function call(world: World, record: Runtime, request: RequestKind): void {
  const { random } = world;
  ask(world, record, request);
  if (!random.chance(rates.burst)) return;
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
  startRun(world, request, [record, ...others], random.chance(rates.dryRun));
}

function breakSomething(world: World): void {
  const { random, now } = world;
  const of = random.pick(["Azure Resource Manager", "Key Vault", "Blob Storage", "addVersion"] as const);
  const status = of === "addVersion" ? 403 : random.pick([403, 429, 500, 503, undefined]);
  world.outage = { of, status, until: now + random.waiting(rates.outageLasts) };
}
