/** How often each of several things has happened, by its name. */
export type Counts = Record<string, number>;

/** What one simulated app counts. */
export interface Tally {
  runs: number;
  runsKilled: number;
  dryRuns: number;
  /** Turns of one runtime in one run; how many began while another worked on the same runtime. */
  turns: number;
  overlapping: number;
  /** Turns that met no fault and no outside act, and after which everything had to be well. */
  calm: number;
  /** By `outcome, reason`. */
  outcomes: Counts;
  faults: Counts;
  acts: Counts;
  /** By what killed the value. */
  deaths: Counts;
  /** By what became of the value that the app minted. */
  regenerates: Counts;
  compromises: number;
  /** By what became of the values that a compromise declared. */
  declared: Counts;
  nodes: number;
  reads: number;
  registrations: number;
  /** Of nodes that keep to their contract, by what excuses the refusal. */
  excused: Counts;
  /** Of nodes that read too seldom. */
  breakersRefused: number;
  /** Of nodes that keep to their contract, with no excuse. */
  keepersRefused: number;
}

export function newTally(): Tally {
  return {
    runs: 0,
    runsKilled: 0,
    dryRuns: 0,
    turns: 0,
    overlapping: 0,
    calm: 0,
    outcomes: {},
    faults: {},
    acts: {},
    deaths: {},
    regenerates: {},
    compromises: 0,
    declared: {},
    nodes: 0,
    reads: 0,
    registrations: 0,
    excused: {},
    breakersRefused: 0,
    keepersRefused: 0,
  };
}

export function count(counts: Counts, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}

/** Adds up the tallies of several apps. */
export function total(tallies: readonly Tally[]): Tally {
  const sum = newTally();
  for (const tally of tallies) {
    for (const name of Object.keys(sum) as (keyof Tally)[]) {
      const value = tally[name];
      if (typeof value === "number") (sum[name] as number) += value;
      else for (const [key, by] of Object.entries(value)) count(sum[name] as Counts, key, by);
    }
  }
  return sum;
}

export function sumOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}
