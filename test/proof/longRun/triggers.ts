import type { RequestKind } from "../shared/run.ts";
import { act } from "./acts.ts";
import { kill } from "./calls.ts";
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
  /** Of one call, by what it is. */
  faultOfIdleRead: 0.003,
  faultOfRead: 0.015,
  faultOfWrite: 0.06,
  faultOfLease: 0.02,
  slow: 0.003,
  /** Of one turn: every call is fast, or every call is slow. */
  quickTurn: 0.3,
  slowTurn: 0.004,
  /** A person puts right what a person has done. */
  putRightAfter: 18 * HOUR,
  nodeRebootsEvery: 45 * DAY,
} as const;

/** Plans whatever happens to an app and its runtimes by itself, for as long as the world is not calm. */
export function planTriggers(world: World): void {
  const { scheduler, random, records } = world;
  planTicks(world);
  every(world, rates.restartEvery, () => kill(world, random.pick(world.instances)));
  every(world, rates.outageEvery, () => breakSomething(world));
  for (const record of records) {
    every(world, rates.onDemandEvery, () => call(world, record, "on-demand"));
    every(world, rates.compromiseEvery, () => call(world, record, "compromised"));
    every(world, rates.actEvery, () => act(world, record));
  }
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

/** A tick of the timer, of all runtimes. */
export function tick(world: World): void {
  startRun(world, "timer", world.records);
}

function planTicks(world: World): void {
  const { scheduler, random } = world;
  const interval = random.pick([DAY, DAY, DAY, DAY / 2]);
  const next = (at: number) =>
    scheduler.at(at, () => {
      if (world.calm) return;
      if (!random.chance(rates.tickLost)) tick(world);
      next(at + interval);
    });
  next(scheduler.now + random.between(0, interval));
}

function meddle(world: World, record: Runtime): void {
  const what = world.random.weighted({ call: 4, compromise: 1, tick: 1, act: 4 });
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
  const { random } = world;
  const others =
    request === "on-demand" ? world.records.filter((other) => other !== record && random.chance(0.05)) : [];
  startRun(world, request, [record, ...others], random.chance(rates.dryRun));
}

function breakSomething(world: World): void {
  const { random, scheduler } = world;
  const of = random.pick(["Azure Resource Manager", "Key Vault", "Blob Storage", "new versions"] as const);
  const status = of === "new versions" ? 403 : random.pick([403, 429, 500, 503, undefined]);
  world.outage = { of, status, until: scheduler.now + random.waiting(rates.outageLasts) };
}

function every(world: World, mean: number, happens: () => void): void {
  const { scheduler, random } = world;
  scheduler.in(random.waiting(mean), () => {
    if (world.calm) return;
    happens();
    every(world, mean, happens);
  });
}
