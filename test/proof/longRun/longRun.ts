import { simulateApp } from "./app.ts";

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

/** Years of the production code in virtual time, among faults, restarts, outside acts and overlapping runs. */
export async function longRun({ seed, years, apps, only }: LongRunOptions): Promise<LongRunFigures> {
  const counts: Record<string, number> = {};
  const violations: string[] = [];
  let runtimes = 0;
  for (const [app, size] of apps.entries()) {
    if (only !== undefined && app !== only) continue;
    runtimes += size;
    const world = await simulateApp(seed, app, size, years);
    for (const [name, n] of Object.entries(world.counts)) counts[name] = (counts[name] ?? 0) + n;
    if (world.violation) violations.push(`seed ${seed}, app ${app}: ${world.violation}`);
  }
  return { runtimes, counts, violations };
}
