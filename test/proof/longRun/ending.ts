import { unwell } from "../shared/checkEffect.ts";
import { fleetStatus } from "../shared/run.ts";
import { blockOf } from "../shared/sides.ts";
import { putRight } from "./acts.ts";
import { servicesOf } from "./calls.ts";
import { Run } from "./runs.ts";
import { MINUTE } from "./scheduler.ts";
import { tick } from "./triggers.ts";
import type { World } from "./world.ts";

type Told = Awaited<ReturnType<typeof fleetStatus>>["runtimes"];

/** Nothing goes wrong any longer: two ticks later all is well, or a person has to do something. */
export async function endCalmly(world: World): Promise<void> {
  world.calm = true;
  for (const record of world.records) if (record.trouble === "too-many-tags") putRight(world, record);
  // Until every run is over, its lease has run out and its last request has arrived.
  await world.runUntil(world.now + 10 * MINUTE);
  const lastTick = world.now + 10 * MINUTE;
  for (let ticks = 0; ticks < 2; ticks++) {
    tick(world);
    await world.runUntil(world.now + 10 * MINUTE);
  }
  if (world.violation !== undefined) return;
  const told = await statusOf(world);
  for (const record of world.records) {
    const expected = blockOf(record);
    const one = told.find(({ runtime }) => runtime === record.config.id.text);
    const { state, reason } = one ?? { state: "missing", reason: "runtime-missing" };
    // One may have become due since the last tick.
    const isWell = state === "healthy" || (state === "due" && !record.isDue(lastTick));
    // Only writing it tells that a secret is deleted.
    const isBlocked = expected === "secret-deleted" ? state === "unpublished" : reason === expected;
    const wrong = expected === undefined ? [...unwell(record)] : [];
    if (expected === undefined ? !isWell : !isBlocked) wrong.push(`status says ${state}, ${reason}`);
    for (const what of wrong) world.fail(record, `promise 5: two ticks after all faults ${what}`);
  }
}

/** What the app itself says of every runtime. */
async function statusOf(world: World): Promise<Told> {
  const run = new Run(world, "on-demand", [], true);
  const { clock, pace } = run.instance;
  let told: Told = [];
  const ask = async () => {
    told = (await fleetStatus(world.config, servicesOf(run), clock, pace)).runtimes;
  };
  world.in(0, ask, true);
  await world.runUntil(world.now + 10 * MINUTE);
  return told;
}
