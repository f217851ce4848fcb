import { startLocalAzure } from "../../local/azure/index.ts";
import { addEstate } from "./estate.ts";
import { measure, median, printTable, type Sample } from "./measure.ts";

const ROUNDS = 10;

/** By what a process takes that does nothing: no worse than before the app kept pace by itself. */
const GOALS = { ms: 1.64, megabytes: 1.26 };

/**
 * Time and memory of the built app, as ratios to an empty Node process and to a plain import of all SDKs. The cases
 * take turns, so that a machine whose speed drifts treats them alike; medians of the rounds are shown.
 */
export async function benchStartUp(): Promise<boolean> {
  const azure = await startLocalAzure();
  // One tick over 200 runtimes spends a subscription's whole burst of writes; the rounds are not to wait for it.
  azure.state.budgets.limits.armWrites.capacity = 1_000_000;
  try {
    const cases = [
      { name: "empty Node process", what: "nothing", settings: {} },
      { name: "plain import of all SDKs", what: "sdks", settings: {} },
      { name: "functions registered", what: "registered", settings: {} },
      {
        name: "first idle tick, 1 runtime",
        what: "tick",
        settings: addEstate(azure, { name: "one", count: 1 }),
      },
    ];
    const samples = new Map(cases.map(({ name }) => [name, [] as Sample[]]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { name, what, settings } of cases) samples.get(name)?.push(await measure(what, settings));
    }
    return print(samples);
  } finally {
    await azure.stop();
  }
}

function print(samples: ReadonlyMap<string, readonly Sample[]>): boolean {
  const all = [...samples.values()];
  const [empty = [], sdks = [], registered = []] = all;
  const ratio = (taken: readonly Sample[], base: readonly Sample[], key: "ms" | "megabytes") =>
    median(taken.map((sample) => sample[key])) / median(base.map((sample) => sample[key]));
  console.log(
    `medians of ${ROUNDS} rounds (least to most); ratios to an empty process, and to the import of all SDKs\n`,
  );
  const rows = [["case", "time", "to empty", "to SDKs", "memory", "to empty", "to SDKs"]];
  for (const [name, taken] of samples) {
    const row = [name];
    for (const [key, unit] of [
      ["ms", "ms"],
      ["megabytes", "MB"],
    ] as const) {
      const values = taken.map((sample) => sample[key]);
      const range = `${Math.round(Math.min(...values))}–${Math.round(Math.max(...values))}`;
      row.push(
        `${Math.round(median(values))} ${unit} (${range})`,
        ratio(taken, empty, key).toFixed(2),
        ratio(taken, sdks, key).toFixed(2),
      );
    }
    rows.push(row);
  }
  printTable(rows);
  const [time, memory] = [ratio(registered, empty, "ms"), ratio(registered, empty, "megabytes")];
  const holds = time <= GOALS.ms && memory <= GOALS.megabytes;
  console.log(
    `\n${holds ? "✓" : "✗"} functions registered ÷ empty: time ${time.toFixed(2)} (goal ${GOALS.ms}), memory ${memory.toFixed(2)} (goal ${GOALS.megabytes})\n`,
  );
  return holds;
}
