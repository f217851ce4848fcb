import { createState } from "../../../local/azure/model/state.ts";
import { unwell } from "../shared/checkEffect.ts";
import { readFleet } from "../shared/run.ts";
import { blockOf } from "../shared/sides.ts";
import { act } from "./acts.ts";
import { servicesOf } from "./calls.ts";
import { come, createEstate } from "./estate.ts";
import { Random } from "./random.ts";
import { Run } from "./runs.ts";
import { DAY, MINUTE } from "./scheduler.ts";
import { planTriggers, tick } from "./triggers.ts";
import { World } from "./world.ts";

export interface LongRunOptions {
  readonly seed: number;
  /** Simulated years. */
  readonly years: number;
  /** Runtimes of each app; an app has a lease store, a vault and instances of its own. */
  readonly apps: readonly number[];
  /** Only this app of them, to replay it. */
  readonly only?: number | undefined;
}

/** 200 runtimes of 17 apps, of different sizes: the first can spend all that a subscription answers. */
export const FULL = {
  years: 10,
  apps: [120, 20, ...Array(3).fill(10), ...Array(2).fill(5), ...Array(10).fill(2)] as readonly number[],
} as const;
export const SMALL = { years: 1, apps: [6, 3, 2] } as const;

const START = Date.parse("2030-01-01T00:00:00Z");
const YEAR = 365 * DAY;

/** Years of the production code in virtual time, among faults, restarts, outside acts and overlapping runs. */
export async function longRun({ seed, years, apps, only }: LongRunOptions) {
  /** How often each of several things has happened, by its name. */
  const counts: Record<string, number> = {};
  /** Broken promises: one for each app at most, with its trace and how to replay it. */
  const violations: string[] = [];
  let runtimes = 0;
  for (const [app, size] of apps.entries()) {
    if (only !== undefined && app !== only) continue;
    runtimes += size;
    const world = await simulateApp(new Random(seed, app), app, size, years);
    for (const [name, n] of Object.entries(world.counts)) counts[name] = (counts[name] ?? 0) + n;
    if (world.violation) violations.push(`seed ${seed}, app ${app}: ${world.violation}`);
  }
  return { runtimes, counts, violations };
}

/** One app, from its first tick to a calm end. */
async function simulateApp(random: Random, app: number, size: number, years: number): Promise<World> {
  const azure = createState();
  const { config, ids, byPattern } = createEstate(app, size, azure, random, START);
  const world = new World(START, random, azure, config);
  for (const id of ids) {
    const hasEntry = config.runtimes.some((own) => own.id.text === id);
    // Some come later in the first year.
    const after = !hasEntry && random.chance(0.3) ? random.between(0, YEAR) : 0;
    world.in(after, () => come(world, id, byPattern));
  }
  planTriggers(world);
  await world.runUntil(START + years * YEAR);
  await endCalmly(world);
  return world;
}

/** Nothing goes wrong any longer: two ticks later all is well, and the app says so, or a person has to do something. */
async function endCalmly(world: World): Promise<void> {
  const { records, config } = world;
  world.calm = true;
  for (const record of records) if (record.trouble === "too-many-tags") act(world, record, record.trouble);
  // Until every run is over, its lease has run out and its last request has arrived.
  await world.runUntil(world.now + 10 * MINUTE);
  const lastTick = world.now + 10 * MINUTE;
  for (let ticks = 0; ticks < 2; ticks++) {
    tick(world);
    await world.runUntil(world.now + 10 * MINUTE);
  }
  if (world.violation !== undefined) return;
  const look = new Run(world, "on-demand", [], true);
  const status = readFleet(config, servicesOf(look), look.instance.clock, look.instance.pace);
  await world.runUntil(world.now + 10 * MINUTE);
  const { runtimes } = await status;
  for (const record of records) {
    const expected = blockOf(record);
    const told = runtimes.find(({ runtime }) => runtime === record.config.id.text);
    const { state, reason } = told ?? { state: "missing", reason: "runtime-missing" };
    // One may have become due since the last tick.
    const isWell = state === "healthy" || (state === "due" && !record.isDue(lastTick));
    // Only writing it tells that a secret is deleted.
    const isBlocked = expected === "secret-deleted" ? state === "unpublished" : reason === expected;
    const wrong = expected === undefined ? [...unwell(record)] : [];
    if (expected === undefined ? !isWell : !isBlocked) wrong.push(`status says ${state}, ${reason}`);
    for (const what of wrong) world.fail(record, `promise 5: two ticks after all faults ${what}`);
  }
}
