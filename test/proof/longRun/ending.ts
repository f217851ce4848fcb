import { runtimeStatus } from "../../../src/report/runtimeStatus.ts";
import { accountFor } from "./accountFor.ts";
import { tidyTags } from "./acts.ts";
import { servicesOf } from "./calls.ts";
import { blockOf, unwell } from "./checkCalm.ts";
import { tick } from "./triggers.ts";
import { dueVersion } from "./turns.ts";
import { fail, type Run, type World } from "./world.ts";

const MINUTE = 60_000;

/** Nothing goes wrong any longer: two ticks later all is well, or a person has to do something. */
export async function ending(world: World): Promise<void> {
  const { scheduler, records } = world;
  world.calm = true;
  world.outage = undefined;
  for (const record of records) tidyTags(world, record);
  // Until every run is over, its lease has run out and its last request has arrived.
  await scheduler.runUntil(scheduler.now + 10 * MINUTE);
  let lastTick = scheduler.now;
  for (let ticks = 0; ticks < 2; ticks++) {
    lastTick = scheduler.now;
    tick(world);
    await scheduler.runUntil(scheduler.now + 10 * MINUTE);
  }
  if (world.violation !== undefined) return;
  await checkStatus(world, lastTick);
  for (const record of records) {
    if (blockOf(record) === undefined) {
      for (const wrong of unwell(record))
        fail(world, record, `promise 5: two ticks after all faults ${wrong}`);
    }
    accountFor(world, record);
  }
}

/** What the app itself says of every runtime; one may have become due since the last tick. */
async function checkStatus(world: World, lastTick: number): Promise<void> {
  const { scheduler, config, records } = world;
  const run: Run = {
    id: 0,
    trigger: "http",
    request: "on-demand",
    dryRun: true,
    instance: world.instances[0]!,
    turns: new Map(),
    dead: false,
  };
  const clock = {
    wall: () => scheduler.now,
    monotonic: () => scheduler.now,
    sleep: () => Promise.reject(new Error("status never sleeps")),
  };
  let told: Awaited<ReturnType<typeof runtimeStatus>> = [];
  scheduler.in(
    0,
    () => void runtimeStatus(config, servicesOf(world, run), clock).then((all) => (told = all)),
    true,
  );
  await scheduler.runUntil(scheduler.now + 10 * MINUTE);
  for (const [index, record] of records.entries()) {
    const expected = blockOf(record);
    const said = told[index]!;
    // Only writing it tells that a secret is deleted.
    const fits =
      expected === undefined
        ? said.state === "healthy" || (said.state === "due" && dueVersion(record, lastTick) === undefined)
        : expected === "secret-deleted"
          ? said.state === "unpublished"
          : said.state === "blocked" && said.reason === expected;
    if (!fits)
      fail(world, record, `promise 5: two ticks after all faults status says ${said.state}, ${said.reason}`);
  }
}
