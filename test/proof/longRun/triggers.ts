import type { RequestKind } from "../shared/run.ts";
import { act } from "./acts.ts";
import { kill } from "./calls.ts";
import { checkDue } from "./checkDue.ts";
import { startRun } from "./runs.ts";
import type { Runtime, World } from "./world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How often things happen, far above real life. Times in milliseconds, the rest are probabilities. */
export const rates = {
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
  /** Others spend what a subscription answers, and so often come before a request of the app. */
  othersSpendEvery: 10 * DAY,
  othersSpendFor: 8 * HOUR,
  othersComeFirst: 0.2,
  /** Of one call, by what it is. */
  faultOfIdleRead: 0.003,
  faultOfRead: 0.015,
  faultOfWrite: 0.06,
  faultOfLease: 0.02,
  faultOfList: 0.02,
  slow: 0.003,
  /** Of one turn: every call is fast, or every call is slow. */
  quickTurn: 0.3,
  slowTurn: 0.004,
  /** A runtime that a pattern finds is deleted, and made again. */
  goneEvery: 200 * DAY,
  goneFor: 15 * DAY,
  /** A person puts right what a person has done. */
  putRightAfter: 18 * HOUR,
  nodeRebootsEvery: 45 * DAY,
} as const;

/** Plans whatever happens to an app by itself, for as long as the world is not calm. */
export function planTriggers(world: World): void {
  const { scheduler, random } = world;
  planTicks(world);
  every(world, rates.restartEvery, () => kill(world, random.pick(world.instances)));
  every(world, rates.outageEvery, () => breakSomething(world));
  every(world, rates.callForAllEvery, () => callForAll(world));
  every(world, rates.othersSpendEvery, () => letOthersSpend(world));
  world.leased = (record) => {
    if (world.calm || !random.chance(rates.whileAtWork)) return;
    scheduler.in(random.between(0, 20_000), () => world.calm || meddle(world, record));
  };
  world.published = (record) => {
    if (world.calm || !random.chance(rates.callAtOverlapEnd)) return;
    const ends = record.latest!.created * 1000 + record.config.overlap.ms;
    scheduler.at(ends + random.between(-500, 3000), () => world.calm || ask(world, record, "on-demand"));
  };
}

/** Plans what happens to one runtime. */
export function planActsOn(world: World, record: Runtime): void {
  every(world, rates.onDemandEvery, () => call(world, record, "on-demand"));
  every(world, rates.compromiseEvery, () => call(world, record, "compromised"));
  every(world, rates.actEvery, () => act(world, record));
}

/** A tick of the timer, of all runtimes that there are. */
export function tick(world: World): void {
  checkDue(world);
  startRun(world, "timer", world.records);
}

function planTicks(world: World): void {
  const { scheduler, random } = world;
  const interval = random.pick([DAY, DAY, DAY, DAY / 2]);
  const next = (at: number) =>
    scheduler.at(at, () => {
      if (world.calm) return;
      if (!random.chance(rates.tickLost)) tick(world);
      else for (const record of world.records) record.wrongAt = at;
      next(at + interval);
    });
  next(scheduler.now + random.between(0, interval));
}

function meddle(world: World, record: Runtime): void {
  // A tick is for all: a large app has no more of them than a small one.
  const tickToo = Math.min(1, 10 / world.records.length);
  const what = world.random.weighted({ call: 4, compromise: 1, tick: tickToo, act: 4 });
  if (what === "act") act(world, record);
  else if (what === "tick") tick(world);
  else ask(world, record, what === "call" ? "on-demand" : "compromised");
}

function call(world: World, record: Runtime, request: RequestKind): void {
  const { random, scheduler } = world;
  ask(world, record, request);
  if (!random.chance(rates.burst)) return;
  for (let more = 1 + random.below(3); more > 0; more--) {
    const later = random.chance(0.3) ? "compromised" : "on-demand";
    scheduler.in(random.between(0, 20_000), () => world.calm || ask(world, record, later));
  }
}

/** A call for one runtime, now and then with others. */
function ask(world: World, record: Runtime, request: RequestKind): void {
  const { random, records } = world;
  const share = request === "on-demand" ? Math.min(0.05, 1 / records.length) : 0;
  const others = records.filter((other) => other !== record && random.chance(share));
  startRun(world, request, [record, ...others], random.chance(rates.dryRun));
}

function callForAll(world: World): void {
  const { random, records } = world;
  const request = random.chance(0.5) ? "on-demand" : "compromised";
  if (records.length > 0) startRun(world, request, records, random.chance(rates.dryRun));
}

function letOthersSpend({ random, records, othersSpend, scheduler }: World): void {
  if (records.length === 0) return;
  const { subscriptionId } = random.pick(records).config.id;
  othersSpend.set(subscriptionId, scheduler.now + random.waiting(rates.othersSpendFor));
}

function breakSomething(world: World): void {
  const { random, scheduler } = world;
  const of = random.pick(["Azure Resource Manager", "Key Vault", "Blob Storage", "new versions"] as const);
  const status = of === "new versions" ? 403 : random.pick([403, 429, 500, 503, undefined]);
  world.outage = { of, status, until: scheduler.now + random.waiting(rates.outageLasts) };
}

/** So often on average, at random. */
function every(world: World, mean: number, happens: () => void): void {
  const { scheduler, random } = world;
  scheduler.in(random.waiting(mean), () => {
    if (world.calm) return;
    happens();
    every(world, mean, happens);
  });
}
