/**
 * Time and memory of the built app, as ratios to an empty Node process and to a plain import of all SDKs. The
 * cases take turns, so that a machine whose speed drifts treats them alike; medians of the rounds are shown.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type LocalAzure, startLocalAzure } from "../../local/azure/index.ts";
import { setSecret } from "../../local/azure/model/keyVault.ts";

const ROUNDS = 7;
const VAULT = "https://contoso.vault.azure.net";
const DIST = fileURLToPath(new URL("../../dist", import.meta.url));

interface Sample {
  readonly ms: number;
  readonly megabytes: number;
}

const azure = await startLocalAzure();
// One tick over 200 runtimes spends a subscription's whole burst of writes; the rounds are not to wait for it.
azure.state.budgets.limits.armWrites.capacity = 1_000_000;
try {
  const one = adopt(azure, 1);
  const many = adopt(azure, 200);
  const cases = [
    { name: "empty Node process", what: "nothing", settings: {} },
    { name: "plain import of all SDKs", what: "sdks", settings: {} },
    { name: "functions registered", what: "registered", settings: {} },
    { name: "first idle tick, 1 runtime", what: "tick", settings: one },
    { name: "idle tick, 200 runtimes", what: "tick", settings: many },
  ];
  const samples = new Map(cases.map(({ name }) => [name, [] as Sample[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, what, settings } of cases) samples.get(name)?.push(await measure(what, settings));
  }
  print(samples);
} finally {
  await azure.stop();
}

/** Publishes the first key of this many runtimes, so that what follows is idle. */
function adopt(azure: LocalAzure, count: number): Record<string, string> {
  const vault = azure.state.keyVault.vaults[new URL(VAULT).host] ?? azure.addVault(VAULT);
  const ids = Array.from({ length: count }, (_, index) => runtimeId(`of${count}-${index}`));
  for (const id of ids) azure.addRuntime(id);
  const settings = { ...azure.env, KEY_VAULT_URL: VAULT, RUNTIMES: JSON.stringify(ids) };
  for (const id of ids) {
    const [, , , , , , , , factory, , runtime] = id.split("/");
    const tags = { CredentialId: "authKey1", ProviderAddress: id, ValidityPeriodDays: "60" };
    setSecret(
      azure.state.keyVault,
      vault,
      `${factory}-${runtime}`,
      azure.liveKeys(id).authKey1,
      { tags },
      azure.clock.now(),
    );
  }
  return { ...settings, EXPECT_KEPT: `${count}` };
}

function runtimeId(name: string): string {
  return `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/bench/providers/Microsoft.DataFactory/factories/bench/integrationRuntimes/${name}`;
}

async function measure(what: string, settings: Record<string, string>): Promise<Sample> {
  const start = performance.now();
  const child = fork(fileURLToPath(new URL("./load.ts", import.meta.url)), [what, DIST], {
    execArgv: [],
    env: { PATH: process.env.PATH ?? "", ...settings },
  });
  const exited = once(child, "exit");
  const [message] = await Promise.race([once(child, "message"), exited]);
  const ms = performance.now() - start;
  await exited;
  if (typeof message !== "object") throw new Error(`the process for "${what}" failed`);
  return { ms, megabytes: message.megabytes };
}

function print(samples: ReadonlyMap<string, readonly Sample[]>): void {
  const [empty, sdks] = [...samples.values()];
  if (empty === undefined || sdks === undefined) throw new Error("nothing was measured");
  console.log(
    `medians of ${ROUNDS} rounds (least to most); ratios to an empty process, and to the import of all SDKs\n`,
  );
  const rows = [["case", "time", "to empty", "to SDKs", "memory", "to empty", "to SDKs"]];
  for (const [name, taken] of samples) {
    const row = [name];
    for (const key of ["ms", "megabytes"] as const) {
      const values = taken.map((sample) => sample[key]).sort((a, b) => a - b);
      const range = `${Math.round(values[0] ?? 0)}–${Math.round(values.at(-1) ?? 0)}`;
      const ratio = (base: readonly Sample[]) => (median(taken, key) / median(base, key)).toFixed(2);
      row.push(
        `${Math.round(median(taken, key))} ${key === "ms" ? "ms" : "MB"} (${range})`,
        ratio(empty),
        ratio(sdks),
      );
    }
    rows.push(row);
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
}

function median(samples: readonly Sample[], key: keyof Sample): number {
  const values = samples.map((sample) => sample[key]).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? 0;
}
