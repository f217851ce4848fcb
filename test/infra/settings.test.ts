import { Cron } from "croner";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { deployed } from "./deployed.ts";
import { all, snapshotOf } from "./snapshots.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What the host reads, and the app's own (docs/reference.md). */
const hostSettings = [
  "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
  "APPLICATIONINSIGHTS_CONNECTION_STRING",
  "AzureWebJobsStorage__accountName",
  "AzureWebJobsStorage__blobServiceUri",
  "AzureWebJobsStorage__clientId",
  "AzureWebJobsStorage__credential",
];
const appSettings = [
  "AZURE_CLIENT_ID",
  "AZURE_RESOURCE_MANAGER_URL",
  "CONCURRENCY",
  "KEY_VAULT_URL",
  "NODES",
  "OVERLAP",
  "PAUSED",
  "ROTATE_EVERY",
  "ROTATION_SCHEDULE",
  "RUNTIMES",
  "SOAK",
  "VALIDITY",
];

test.each(all)("$name: every setting that is read is set, and no other", ({ name, settings }) => {
  // Every runtime of these has an existing vault.
  const vault = ["existing-network", "estate"].includes(name) ? ["KEY_VAULT_URL"] : [];
  const runbook = settings.RUNBOOK_URL === undefined ? [] : ["RUNBOOK_URL"];
  const expected = [...hostSettings, ...appSettings, ...runbook].filter(
    (setting) => !vault.includes(setting),
  );
  expect(Object.keys(settings).sort()).toEqual(expected.sort());
});

test.each(all)(
  "$name: the name of the storage account stands beside its address, and says the same",
  ({ settings }) => {
    const { AzureWebJobsStorage__accountName: account, AzureWebJobsStorage__blobServiceUri: url } = settings;
    expect(url).toBe(`https://${account}.blob.core.windows.net`);
    expect(readConfig(deployed(settings)).storage).toMatchObject({ kind: "identity", blobServiceUrl: url });
  },
);

test.each(all)("$name: the app accepts its settings", ({ settings }) => {
  const config = readConfig(settings);
  expect(config.armUrl).toBe("https://management.azure.com");
  for (const { rotateEvery, overlap, validityDays } of config.runtimes) {
    expect(overlap.ms).toBeLessThan(rotateEvery.ms);
    // The vault warns 30 days before expiry. A rotation is at most one tick late while all is well.
    expect(validityDays * DAY - 30 * DAY).toBeGreaterThan(rotateEvery.ms + DAY);
  }
});

test("an estate of 35 runtimes in six factories comes to 35 secrets in its two vaults", () => {
  const { runtimes } = readConfig(deployed(snapshotOf("estate").settings));
  const vaults = runtimes.map(({ vaultUrl }) => vaultUrl);
  expect(new Set(vaults)).toEqual(
    new Set(["https://kv-sales.vault.azure.net", "https://kv-plants.vault.azure.net"]),
  );
  expect(new Set(runtimes.map(({ vaultUrl, secretName }) => `${vaultUrl}/${secretName}`)).size).toBe(35);
  expect(vaults.filter((url) => url.includes("kv-plants"))).toHaveLength(12);
});

test("the address of the runbook, where it is known, is that of the alerts and of the status page", () => {
  const url = "https://github.com/contoso/rotation/blob/main/docs/runbook.md";
  const { settings } = snapshotOf("existing-roles");
  expect(readConfig(deployed(settings)).runbookUrl).toBe(url);
  expect(readConfig(deployed(snapshotOf("one-runtime").settings)).runbookUrl).toBeUndefined();
});

test("the app reads from them what the parameters say", () => {
  const { settings } = snapshotOf("two-subscriptions");
  const { runtimes, concurrency } = readConfig(settings);
  expect([settings.ROTATE_EVERY, settings.OVERLAP, settings.VALIDITY]).toEqual(["P14D", "PT12H", "P54D"]);
  expect(concurrency).toBe(16);
  expect(
    runtimes.map((runtime) => [
      runtime.id.name,
      `${runtime.vaultUrl}/${runtime.secretName}`,
      runtime.rotateEvery.ms / DAY,
      runtime.overlap.ms / HOUR,
      runtime.validityDays,
    ]),
  ).toEqual([
    ["onprem", "https://kv-irkeys4uutrqilimnuo.vault.azure.net/adf-sales-onprem", 14, 12, 54],
    ["cloud", "https://kv-irkeys4uutrqilimnuo.vault.azure.net/sales-cloud", 14, 12, 54],
    ["onprem", "https://kv-sales.vault.azure.net/adf-returns-onprem", 90, 336, 130],
    ["shopfloor", "https://kv-plants.vault.azure.net/adf-plant-north-shopfloor", 14, 12, 54],
    ["shopfloor", "https://kv-plants.vault.azure.net/south-shopfloor", 14, 12, 54],
  ]);
});

describe("the schedule", () => {
  test.each([
    ["one-runtime", "0 17 3 * * *", 1],
    ["two-subscriptions", "0 5 22,4,10,16 * * *", 4],
  ])("%s ticks as often as it should", (name, expected, perDay) => {
    const schedule = snapshotOf(name).settings.ROTATION_SCHEDULE!;
    expect(schedule).toBe(expected);
    const ticks = new Cron(schedule, { timezone: "UTC" }).nextRuns(
      perDay * 3,
      new Date("2031-01-01T00:00:00Z"),
    );
    const gaps = ticks.slice(1).map((tick, i) => tick.getTime() - ticks[i]!.getTime());
    expect(new Set(gaps)).toEqual(new Set([DAY / perDay]));
  });

  test.each(all)(
    "$name: a missing run is told of two hours after its time, within the two days that are looked at",
    ({ settings, of }) => {
      const alert = of("Microsoft.Insights/scheduledQueryRules").find(({ name }) =>
        name.includes("missing-run"),
      );
      const query: string = alert?.properties.criteria.allOf[0].query;
      const hours = Number(/let missingAfter = (\d+)h;/.exec(query)?.[1]);
      const ticksPerDay = settings.ROTATION_SCHEDULE!.split(" ")[2]!.split(",").length;
      expect(hours).toBe(24 / ticksPerDay + 2);
      expect(alert?.properties.windowSize).toBe("P2D");
      expect(hours).toBeLessThan(47);
    },
  );
});
