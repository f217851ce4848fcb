import { type LocalAzure, startLocalAzure } from "../../local/azure/index.ts";
import { addEstate, together } from "./estate.ts";
import { measure, median, printTable, type Sample } from "./measure.ts";

/** What Azure Resource Manager takes of one identity in one subscription: a burst, then so many a second. */
const BURST = 200;
const PER_SECOND = 10;

interface Row {
  readonly what: string;
  readonly figure: string;
  readonly goal: string;
  readonly holds: boolean;
}

/** Ticks over fleets, against an Azure that refuses what is beyond its limits, and by what the SDKs alone take. */
export async function benchFleets(): Promise<boolean> {
  const rows: Row[] = [];
  for (const bench of [idleByPattern, due, tenSubscriptions, memory, processorTime]) {
    const azure = await startLocalAzure();
    try {
      for (const row of await bench(azure)) {
        rows.push(row);
        console.log(`${row.holds ? "✓" : "✗"} ${row.what}: ${row.figure} (goal ${row.goal})`);
      }
    } finally {
      await azure.stop();
    }
  }
  console.log("");
  printTable([
    ["", "what", "measured", "goal"],
    ...rows.map(({ holds, what, figure, goal }) => [holds ? "✓" : "✗", what, figure, goal]),
  ]);
  return rows.every(({ holds }) => holds);
}

async function idleByPattern(azure: LocalAzure): Promise<Row[]> {
  const settings = addEstate(azure, { name: "idle", count: 1000, byPattern: true });
  return [inTime("1,000 idle runtimes, by a pattern", await measure("tick", settings), 1000, 1.05, "kept")];
}

async function due(azure: LocalAzure): Promise<Row[]> {
  const settings = addEstate(azure, { name: "due", count: 300, daysOld: 40 });
  const sample = await measure("tick", settings);
  const writes = azure.calls.filter(({ operation }) => WRITES.includes(operation)).length;
  return [inTime("300 due runtimes without nodes", sample, writes, 1.05, "rotated")];
}

const WRITES = ["listAuthKeys", "regenerateAuthKey", "getStatus"];

async function tenSubscriptions(azure: LocalAzure): Promise<Row[]> {
  const settings = { ...together(estates(azure, 10, 500)), CONCURRENCY: "64" };
  return [
    inTime(
      "5,000 idle runtimes in ten subscriptions, 64 at once",
      await measure("tick", settings),
      500,
      1.3,
      "kept",
    ),
  ];
}

function estates(azure: LocalAzure, subscriptions: number, count: number) {
  return Array.from({ length: subscriptions }, (_, of) =>
    addEstate(azure, { name: `of-${of}-${count}`, count, of, byPattern: true }),
  );
}

/** @param writes what the fullest subscription is asked */
function inTime(what: string, { told, ms }: Sample, writes: number, factor: number, outcome: string): Row {
  const bucket = (writes - BURST) / PER_SECOND;
  const goal = factor * bucket + 3;
  const { failed = 0, deferred = 0, [outcome]: done = 0 } = told;
  const seconds = ms / 1000;
  return {
    what,
    figure: `${seconds.toFixed(1)} s with its start, ${done} ${outcome}, ${deferred} deferred, ${failed} failed; the bucket's own ${bucket.toFixed(1)} s`,
    goal: `${goal.toFixed(1)} s, none failed`,
    holds: failed === 0 && seconds <= goal && done > 0,
  };
}

async function memory(azure: LocalAzure): Promise<Row[]> {
  azure.state.budgets.limits.armWrites.capacity = 1_000_000;
  const few = (await measure("tick", together(estates(azure, 10, 1)))).megabytes;
  const many = (await measure("tick", together(estates(azure, 10, 500)))).megabytes;
  const ratio = many / few;
  return [
    {
      what: "peak memory, 5,000 ÷ 10 idle runtimes",
      figure: `${Math.round(many)} ÷ ${Math.round(few)} MB = ${ratio.toFixed(2)}`,
      goal: "1.6",
      holds: ratio <= 1.6,
    },
  ];
}

/** What the first ten take is taken off on both sides: the loading of the SDKs, and the start of a process. */
async function processorTime(azure: LocalAzure): Promise<Row[]> {
  azure.state.budgets.limits.armWrites.capacity = 1_000_000;
  const [few, many] = [10, 190];
  const settings = [few, many].map((count) => addEstate(azure, { name: `cpu-${count}`, count }));
  const taken = { tick: [[], []] as number[][], "bare calls": [[], []] as number[][] };
  for (let round = 0; round < 5; round += 1) {
    for (const what of ["tick", "bare calls"] as const) {
      for (const [n, env] of settings.entries()) taken[what][n]?.push((await measure(what, env)).cpuMs);
    }
  }
  const each = ([less = [], more = []]: number[][]) => (median(more) - median(less)) / (many - few);
  const [app, bare] = [each(taken.tick), each(taken["bare calls"])];
  return [
    {
      what: "CPU of an idle runtime ÷ the two bare SDK calls",
      figure: `${app.toFixed(2)} ÷ ${bare.toFixed(2)} ms = ${(app / bare).toFixed(2)}`,
      goal: "1.1",
      holds: app / bare <= 1.1,
    },
  ];
}
