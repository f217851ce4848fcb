import { createState } from "../../../local/azure/model/state.ts";
import { come } from "./comeAndGo.ts";
import { endCalmly } from "./ending.ts";
import { createEstate } from "./estate.ts";
import { Random } from "./random.ts";
import { DAY } from "./scheduler.ts";
import { planTriggers } from "./triggers.ts";
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

export interface LongRunFigures {
  readonly runtimes: number;
  /** How often each of several things has happened, by its name. */
  readonly counts: Readonly<Record<string, number>>;
  /** Broken promises: one for each app at most, with its trace and how to replay it. */
  readonly violations: readonly string[];
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
export async function longRun({ seed, years, apps, only }: LongRunOptions): Promise<LongRunFigures> {
  const counts: Record<string, number> = {};
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
    if (!hasEntry && random.chance(0.3)) world.in(random.between(0, YEAR), () => come(world, id, byPattern));
    else come(world, id, byPattern);
  }
  planTriggers(world);
  await world.runUntil(START + years * YEAR);
  await endCalmly(world);
  return world;
}
