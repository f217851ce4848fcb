import { ok } from "node:assert/strict";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Config, readConfig } from "../../src/config/config.ts";
import { ConfigurationError } from "../../src/config/configurationError.ts";
import { checkProblems, edited, mostly, usually } from "./anyInput.ts";
import { armId, type Settings } from "./settings.ts";

const names = fc.constantFrom("ir-one", "ir-two", "IR-three", "ir-three", "a--b");
const ids = fc.tuple(names, fc.constantFrom("factory-one", "factory-two")).map((parts) => armId(...parts));
const inAnyGroup = (id: string) => id.replace("/resourceGroups/rg-one", "");
const patterns = usually(
  [armId("*", "factory-one"), armId("*", "FACTORY-two"), armId("*", "*"), inAnyGroup(armId("*", "*"))],
  [armId("ir-*"), inAnyGroup(armId("*")), "*"],
);
const hosts = usually(
  ["https://contoso.vault.azure.net", "https://CONTOSO.vault.azure.net/", "https://a:443"],
  ["http://a", "https://a/path", "https://a?b=c", "https:a", "https://a."],
);
const rotateEvery = usually(["P3D", "P4W", "P30D"], ["P1M", "P2D"]);
const overlap = usually(["PT10M", "PT36H", "P2D"], ["PT9M59S", "P1M"]);
const validity = usually(["P31D", "P60D"], [`P${"9".repeat(400)}D`, "P3D"]);
const nodes = usually(["watch", "ignore"], ["off"]);

const DAY = 86_400_000;

type Values = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** Some of these values, each mostly of the right kind; how they fit each other is left to chance. */
function someOf<T>(
  values: Values,
  requiredKeys: string[],
  made: (usual: fc.Arbitrary<unknown>) => fc.Arbitrary<T>,
) {
  const entries = Object.entries(values).map(([name, usual]) => [name, made(usual)] as const);
  return fc.record(Object.fromEntries(entries), { requiredKeys });
}

const own = { keyVaultUrl: hosts, rotateEvery, overlap, validity, nodes, paused: fc.boolean() };
const other = fc.constant(undefined);
const except = fc.array(mostly(fc.oneof(ids, names)), { maxLength: 2 });
const entry = fc.oneof(
  ids,
  patterns,
  someOf({ id: ids, secretName: names, ...own, other }, ["id"], mostly),
  someOf({ id: patterns, except, ...own, other }, ["id"], mostly),
);

const all: Values = {
  RUNTIMES: fc.array(mostly(entry), { minLength: 1, maxLength: 3 }),
  KEY_VAULT_URL: hosts,
  ROTATE_EVERY: rotateEvery,
  OVERLAP: overlap,
  VALIDITY: validity,
  NODES: nodes,
  PAUSED: usually(["true", "False"], ["yes"]),
  SOAK: usually(["PT10M", "PT20H", "P2D"], ["PT9M", "P3D"]),
  CONCURRENCY: fc.integer({ min: 1, max: 65 }),
  AZURE_RESOURCE_MANAGER_URL: hosts,
  AZURE_CLIENT_ID: fc.uuid(),
  RUNBOOK_URL: usually(["https://a/b?c=d", "http://A"], ["https://a/#b", "https://me:FAKEcanary@a"]),
};
const storages: readonly Values[] = [
  {
    AzureWebJobsStorage: usually(
      ["UseDevelopmentStorage=true", "BlobEndpoint=https://a;SharedAccessSignature=sig=FAKEcanary"],
      ["AccountName=account;AccountKey=FAKEcanary=="],
    ),
  },
  {
    AzureWebJobsStorage__accountName: usually(["account"], ["my-account"]),
    AzureWebJobsStorage__blobServiceUri: usually(["https://a.blob.example"], ["https://a?sig=FAKEcanary"]),
    AzureWebJobsStorage__credential: usually(["managedidentity"], ["workload"]),
    AzureWebJobsStorage__clientId: fc.uuid(),
    AzureWebJobsStorage__tenantId: fc.constant(""),
  },
];

/** As the host gives it: text, now and then edited. */
function setting(usual: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const text = mostly(usual).map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  return fc.oneof({ arbitrary: text, weight: 60 }, edited(text, fc.string({ maxLength: 2 })));
}
const settings: fc.Arbitrary<Settings> = fc.oneof(
  ...storages.map((storage) => {
    const required = ["RUNTIMES", "KEY_VAULT_URL", ...Object.keys(storage).slice(0, 1)];
    return someOf({ ...all, ...storage }, required, setting);
  }),
);

/** Where an https URL of no more than a host leads. */
function originOf(text: string): string {
  expect(text).toMatch(/^https:\/\/[^/?#@\\]+\/?$/i);
  return new URL(text).origin;
}

interface Entry
  extends Partial<Record<"secretName" | "keyVaultUrl" | "rotateEvery" | "overlap" | "nodes", string>> {
  readonly id: string;
  readonly paused?: boolean;
  readonly except?: readonly string[];
}

/** That an entry of the list was read as it says, or as the settings say for all. */
function checkEntry(entry: Entry, said: (name: string) => string | undefined, config: Config): void {
  const runtime = config.runtimes.find(({ id }) => id.text === entry.id);
  const pattern = config.patterns.find(({ text }) => text === entry.id);
  const read = runtime ?? pattern?.settings;
  const known = ["id", runtime ? "secretName" : "except", ...Object.keys(own)];
  expect(known).toEqual(expect.arrayContaining(Object.keys(entry)));
  expect(read).toMatchObject({
    vaultUrl: originOf(entry.keyVaultUrl ?? said("KEY_VAULT_URL") ?? ""),
    rotateEvery: { text: entry.rotateEvery ?? said("ROTATE_EVERY") ?? "P30D" },
    overlap: { text: entry.overlap ?? said("OVERLAP") ?? "P2D" },
    nodes: entry.nodes ?? said("NODES") ?? "watch",
    paused: entry.paused === true || said("PAUSED")?.toLowerCase() === "true",
  });
  const { rotateEvery: every, overlap: least, validityDays } = read!;
  ok(least.ms >= 600_000 && every.ms > least.ms);
  ok(validityDays * DAY > every.ms && validityDays <= 7300);
  if (runtime !== undefined) {
    const { id, secretName } = runtime;
    expect(id.key).toBe(entry.id.toLowerCase());
    expect(secretName).toBe(entry.secretName ?? `${id.parent}-${id.name}`);
    expect(secretName).toMatch(/^[0-9a-zA-Z-]{1,127}$/);
  } else {
    const { subscriptionId, resourceGroup, factory = "*" } = pattern!.scope;
    const id = armId("*", factory, resourceGroup).replace(/[\d-]{36}/, subscriptionId);
    expect((resourceGroup ? id : inAnyGroup(id)).toLowerCase()).toBe(entry.id.toLowerCase());
    const left = entry.except?.map((name) => [name.toLowerCase(), name] as const);
    expect(pattern?.except).toEqual(new Map(left));
  }
}

/** That what was read is what the settings say, that it fits together, and that nothing is there twice. */
function checkConfig(given: Settings, config: Config): void {
  const said = (name: string) => given[name]?.trim() || undefined;
  const entries: (string | Entry)[] = JSON.parse(said("RUNTIMES") ?? "");
  for (const entry of entries) checkEntry(typeof entry === "string" ? { id: entry } : entry, said, config);
  const { runtimes, patterns: found, soak, concurrency, runbookUrl } = config;
  expect(runtimes.length + found.length).toBe(entries.length);
  const secrets = runtimes.map(({ vaultUrl, secretName }) => `${vaultUrl} ${secretName.toLowerCase()}`);
  const ofPatterns = found.map(({ text }) => text.toLowerCase());
  for (const keys of [runtimes.map(({ id }) => id.key), secrets, ofPatterns])
    expect(new Set(keys).size).toBe(keys.length);

  ok(soak.ms >= 600_000 && soak.ms <= 2 * DAY);
  ok(concurrency >= 1 && concurrency <= 64);
  if (runbookUrl) expect(new URL(runbookUrl)).toMatchObject({ hash: "", username: "", password: "" });
  const [connectionString, runbook] = [said("AzureWebJobsStorage"), said("RUNBOOK_URL")];
  const account = `https://${said("AzureWebJobsStorage__accountName")}.blob.core.windows.net`;
  const blobServiceUrl = new URL(said("AzureWebJobsStorage__blobServiceUri") ?? account).href.replace(
    /\/$/,
    "",
  );
  expect(config).toMatchObject({
    soak: { text: said("SOAK") ?? "PT20H" },
    concurrency: Number(said("CONCURRENCY") ?? "8"),
    armUrl: originOf(said("AZURE_RESOURCE_MANAGER_URL") ?? "https://management.azure.com"),
    clientId: said("AZURE_CLIENT_ID"),
    runbookUrl: runbook && new URL(runbook).href,
    storage: connectionString
      ? { kind: "connectionString", connectionString }
      : { kind: "identity", blobServiceUrl, clientId: said("AzureWebJobsStorage__clientId") },
  });
}

test("settings are read as they say, or refused with short problems that show no credential", () => {
  const times = { accepted: 0, refused: 0 };
  const property = fc.property(settings, (given) => {
    let config: Config;
    try {
      config = readConfig(given);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      checkProblems(error.problems);
      times.refused += 1;
      return;
    }
    checkConfig(given, config);
    times.accepted += 1;
  });
  fc.assert(property, { numRuns: 1000 });
  // Otherwise one half of the property was never looked at.
  expect(Math.min(times.accepted, times.refused)).toBeGreaterThan(50);
});
