import { simulateApp } from "./app.ts";
import { type Tally, total } from "./tally.ts";

export interface LongRunOptions {
  readonly seed: number;
  /** Simulated years. */
  readonly years: number;
  /** Runtimes of each app; an app has a lease store, a vault and instances of its own. */
  readonly apps: readonly number[];
  /** Only this app of them, to replay it. */
  readonly only?: number | undefined;
}

export interface LongRunFigures extends Tally {
  readonly seed: number;
  readonly years: number;
  readonly runtimes: number;
  readonly apps: number;
  readonly wallSeconds: number;
  /** Broken promises: one for each app at most, with its trace and how to replay it. */
  readonly violations: readonly string[];
}

/** 200 runtimes of 27 apps, of different sizes. */
export const FULL = {
  years: 10,
  apps: [40, 20, 20, ...Array(6).fill(10), ...Array(8).fill(5), ...Array(10).fill(2)] as readonly number[],
} as const;
export const SMALL = { years: 1, apps: [6, 3, 2] } as const;

/** Years of the production code in virtual time, among faults, restarts, outside acts and overlapping runs. */
export async function longRun({ seed, years, apps, only }: LongRunOptions): Promise<LongRunFigures> {
  const began = performance.now();
  const tallies: Tally[] = [];
  const violations: string[] = [];
  let runtimes = 0;
  for (const [app, size] of apps.entries()) {
    if (only !== undefined && app !== only) continue;
    runtimes += size;
    const world = await simulateApp(seed, app, size, years);
    tallies.push(world.tally);
    if (world.violation) violations.push(`seed ${seed}, app ${app}: ${world.violation}`);
  }
  return {
    ...total(tallies),
    seed,
    years,
    runtimes,
    apps: tallies.length,
    wallSeconds: (performance.now() - began) / 1000,
    violations,
  };
}
