import { unwell } from "../shared/checkEffect.ts";
import { fleetStatus } from "../shared/run.ts";
import { blockOf } from "../shared/sides.ts";
import { tidyTags } from "./acts.ts";
import { servicesOf } from "./calls.ts";
import { Instance } from "./instance.ts";
import { tick } from "./triggers.ts";
import { fail, type Run, type World } from "./world.ts";

const MINUTE = 60_000;

/** Nothing goes wrong any longer: two ticks later all is well, or a person has to do something. */
export async function ending(world: World): Promise<void> {
  const { scheduler, records } = world;
  world.calm = true;
  world.outage = undefined;
  world.othersSpend.clear();
  for (const record of records) tidyTags(world, record);
  // Until every run is over, its lease has run out and its last request has arrived.
  await scheduler.runUntil(scheduler.now + 10 * MINUTE);
  const lastTick = scheduler.now + 10 * MINUTE;
  for (let ticks = 0; ticks < 2; ticks++) {
    tick(world);
    await scheduler.runUntil(scheduler.now + 10 * MINUTE);
  }
  if (world.violation !== undefined) return;
  await checkStatus(world, lastTick);
  for (const record of records) {
    if (blockOf(record) !== undefined) continue;
    for (const wrong of unwell(record)) fail(world, record, `promise 5: two ticks after all faults ${wrong}`);
  }
}

/** What the app itself says of every runtime; one may have become due since the last tick. */
async function checkStatus(world: World, lastTick: number): Promise<void> {
  const { scheduler, config, records, instances } = world;
  const asked = { request: "on-demand", runtimes: config.runtimes, dryRun: true } as const;
  const instance = new Instance(world, instances.length);
  const run: Run = {
    ...{ id: 0, asked, instance, turns: new Map(), dead: false },
    ...{ beganAt: scheduler.now, listed: [] },
  };
  const { clock, pace } = instance;
  let told: Awaited<ReturnType<typeof fleetStatus>>["runtimes"] = [];
  scheduler.in(
    0,
    () =>
      void fleetStatus(config, servicesOf(world, run), clock, pace).then((fleet) => (told = fleet.runtimes)),
    true,
  );
  await scheduler.runUntil(scheduler.now + 10 * MINUTE);
  for (const record of records) {
    const expected = blockOf(record);
    const one = told.find(({ runtime }) => runtime === record.config.id.text);
    const { state, reason } = one ?? { state: "missing", reason: "runtime-missing" };
    const isWell = state === "healthy" || (state === "due" && !record.isDue(lastTick));
    // Only writing it tells that a secret is deleted.
    const isBlocked = expected === "secret-deleted" ? state === "unpublished" : reason === expected;
    if (expected === undefined ? isWell : isBlocked) continue;
    fail(world, record, `promise 5: two ticks after all faults status says ${state}, ${reason}`);
  }
}
