import fc from "fast-check";
import { expect, test } from "vitest";
import { type Config, readConfig } from "../../src/config.ts";
import { ConfigurationError } from "../../src/configurationError.ts";
import { parseRotateRequest, RequestError } from "../../src/functions/rotateRequest.ts";
import { armId, configOf, type Settings, withRuntimes } from "./settings.ts";

const KEY = "IR@FAKE-KEY-VALUE";
const names = fc.constantFrom("ir-one", "IR-one", "ir-two", "ir-three", "factory-one-ir-one", "a--b", KEY);
const ids = fc
  .tuple(names, fc.constantFrom("factory-one", "factory-two", "_"))
  .map((parts) => armId(...parts));
const durations = fc.oneof(
  fc.constantFrom("PT10M", "P1D", "P30D", "P60D", "P1.5W", "P1M", "PT1S", "P3650D", "P9999D", KEY),
  fc.tuple(fc.nat(100), fc.constantFrom("W", "D", "Y")).map(([count, unit]) => `P${count}${unit}`),
  fc.tuple(fc.nat(2000), fc.constantFrom("H", "M", "S")).map(([count, unit]) => `PT${count}${unit}`),
);
const hosts = fc.oneof(
  fc.constantFrom("https://contoso.vault.azure.net", "https://CONTOSO.vault.azure.net/", "http://a", KEY),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
);
const junk = fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" }), fc.constant(KEY));

/** Mostly of the right kind, so that whole configurations are valid often enough. */
const mostly = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary, weight: 30 }, { arbitrary: junk, weight: 1 });

const entries = mostly(
  fc.oneof(
    ids,
    fc.record(
      {
        id: mostly(ids),
        secretName: mostly(names),
        keyVaultUrl: mostly(hosts),
        rotateEvery: mostly(durations),
        overlap: mostly(durations),
        validity: mostly(durations),
        other: junk,
      },
      { requiredKeys: ["id"] },
    ),
  ),
);
const text = <T>(arbitrary: fc.Arbitrary<T>) =>
  mostly(arbitrary).map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
const anySettings: fc.Arbitrary<Settings> = fc.record(
  {
    RUNTIMES: text(fc.array(entries, { maxLength: 4 })),
    KEY_VAULT_URL: text(hosts),
    ROTATE_EVERY: text(durations),
    OVERLAP: text(durations),
    VALIDITY: text(durations),
    CONCURRENCY: text(fc.integer({ min: -1, max: 70 })),
    AZURE_RESOURCE_MANAGER_URL: text(hosts),
    AZURE_CLIENT_ID: text(fc.uuid()),
    AzureWebJobsStorage: text(fc.constantFrom("UseDevelopmentStorage=true", KEY)),
    AzureWebJobsStorage__accountName: text(fc.constantFrom("acc1", "Acc")),
    AzureWebJobsStorage__blobServiceUri: text(fc.oneof(hosts, fc.webUrl())),
    AzureWebJobsStorage__credential: text(fc.constant("managedidentity")),
  },
  { requiredKeys: [] },
);
/** Valid most of the time: what is left to chance is only how the settings fit each other. */
const likelySettings = fc
  .record({
    runtimes: fc.uniqueArray(
      fc.record(
        {
          id: fc.nat(50).map((number) => armId(`ir-${number}`)),
          rotateEvery: fc.constantFrom("P5D", "P10D", "P20D", "PT100.5H"),
          overlap: fc.constantFrom("PT10M", "P1D", "P5D"),
          validity: fc.constantFrom("P20D", "P8W"),
        },
        { requiredKeys: ["id"] },
      ),
      { minLength: 1, maxLength: 4, selector: ({ id }) => id },
    ),
    OVERLAP: fc.constantFrom("PT20M", "P2D", ""),
    CONCURRENCY: fc.integer({ min: 1, max: 64 }).map(String),
  })
  .map(({ runtimes, ...others }): Settings => ({ ...withRuntimes(...runtimes), ...others }));

function expectSound(config: Config, list = ""): void {
  expect(config.runtimes).toHaveLength(JSON.parse(list).length);
  expect(config.runtimes.length).toBeGreaterThan(0);
  for (const runtime of config.runtimes) {
    expect(runtime.overlap.ms).toBeGreaterThanOrEqual(600_000);
    expect(runtime.rotateEvery.ms).toBeGreaterThan(runtime.overlap.ms);
    expect(runtime.validityDays * 86_400_000).toBeGreaterThan(runtime.rotateEvery.ms);
    expect(runtime.validityDays).toBeLessThanOrEqual(7300);
    expect(Number.isInteger(runtime.validityDays)).toBe(true);
    expect(runtime.secretName).toMatch(/^[0-9a-zA-Z-]{1,127}$/);
    expect(runtime.vaultUrl).toMatch(/^https:\/\/[^/A-Z@?#]+$/);
    expect(runtime.id.key).toBe(runtime.id.text.toLowerCase());
  }
  const secrets = config.runtimes.map((it) => `${it.vaultUrl} ${it.secretName.toLowerCase()}`);
  expect(new Set(secrets).size).toBe(secrets.length);
  expect(new Set(config.runtimes.map((it) => it.id.key)).size).toBe(secrets.length);
  expect(config.concurrency).toBeGreaterThanOrEqual(1);
  expect(config.concurrency).toBeLessThanOrEqual(64);
  expect(config.armUrl).toMatch(/^https:\/\/[^/A-Z@?#]+$/);
}

function expectUseful(problems: readonly string[]): void {
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) {
    expect(problem).toMatch(/^[A-Za-z_]+(\[\d+\])?(\.[A-Za-z]+)?(\[\d+\])?: .{10,}$/);
    expect(problem).not.toContain("FAKE");
    expect(problem).not.toMatch(/undefined|Invalid input|\p{Cc}/u);
  }
}

test("settings are either read in full or refused with a list of problems", () => {
  const seen = { read: 0, refused: 0 };
  fc.assert(
    fc.property(fc.oneof(anySettings, likelySettings), (given) => {
      try {
        expectSound(readConfig(given), given.RUNTIMES);
        seen.read += 1;
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        expectUseful(error.problems);
        seen.refused += 1;
      }
    }),
    { numRuns: 1000 },
  );
  // Otherwise one half of the property was never looked at.
  expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(20);
});

test("whatever text the settings hold, nothing but a configuration error comes of it", () => {
  const someNames = fc.constantFrom("RUNTIMES", "OVERLAP", "VALIDITY", "CONCURRENCY");
  fc.assert(
    fc.property(fc.dictionary(someNames, text(junk)), (settings) => {
      expect(() => readConfig(settings)).toThrow(ConfigurationError);
    }),
  );
});

test("a request is either read in full or refused with a list of problems", () => {
  const config = configOf(
    armId("ir-one"),
    armId("ir-one", "factory-two"),
    { id: armId("ir-two"), secretName: "ir-three" },
    armId("ir-three"),
  );
  const bodies = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc
      .record(
        {
          runtimes: mostly(fc.array(mostly(fc.oneof(names, ids)), { maxLength: 3 })),
          dryRun: mostly(fc.boolean()),
          compromised: mostly(fc.boolean()),
        },
        { requiredKeys: [] },
      )
      .map((body) => JSON.stringify(body)),
  );
  const seen = { read: 0, 400: 0, 404: 0 };
  fc.assert(
    fc.property(bodies, (body) => {
      try {
        const request = parseRotateRequest(body, config);
        expect(request.runtimes.length).toBeGreaterThan(0);
        expect(new Set(request.runtimes).size).toBe(request.runtimes.length);
        expect(config.runtimes).toEqual(expect.arrayContaining([...request.runtimes]));
        if (request.compromised) expect(JSON.parse(body)).toHaveProperty("runtimes");
        seen.read += 1;
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        expectUseful(error.problems);
        const onlyUnknown = error.problems.every((it) => it.includes("is none of the configured runtimes"));
        expect(error.status).toBe(onlyUnknown ? 404 : 400);
        seen[error.status] += 1;
      }
    }),
    { numRuns: 1000 },
  );
  expect(Math.min(seen.read, seen[400], seen[404])).toBeGreaterThan(10);
});
