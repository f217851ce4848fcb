import fc from "fast-check";
import { armId, type Settings } from "../../config/settings.ts";
import { credentials } from "./credentials.ts";
import { damage, damaged, edited, edits } from "./edits.ts";
import { meaning, settingsFor } from "./meantSettings.ts";

/** Three times out of four one of these, which fit each other. */
const usually = <T>(usual: readonly T[], other: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constantFrom(...usual), weight: 3 }, { arbitrary: other, weight: 1 });

const names = usually(
  ["ir-one", "ir-two", "ir-three", "ir-four", "ir-five"],
  fc.constantFrom("IR-one", "factory-one-ir-one", "a--b"),
);
const ids = fc
  .tuple(names, usually(["factory-one", "factory-two"], fc.constantFrom("factory-one", "_")))
  .map((parts) => armId(...parts));
const anyDuration = fc.oneof(
  fc.constantFrom("PT10M", "P1D", "P30D", "P60D", "P1.5W", "P1M", "PT1S", "P3650D", "P9999D"),
  fc.tuple(fc.nat(100), fc.constantFrom("W", "D", "Y")).map(([count, unit]) => `P${count}${unit}`),
  fc.tuple(fc.nat(2000), fc.constantFrom("H", "M", "S")).map(([count, unit]) => `PT${count}${unit}`),
);
const durations = {
  overlap: usually(["PT10M", "PT36H", "P2D"], anyDuration),
  rotateEvery: usually(["P3D", "P4W", "P30D"], anyDuration),
  validity: usually(["P31D", "P60D"], anyDuration),
};
const hosts = usually(
  ["https://contoso.vault.azure.net", "https://CONTOSO.vault.azure.net/"],
  fc.oneof(fc.constant("http://a"), fc.webUrl({ withQueryParameters: true, withFragments: true })),
);
const credential = fc.constantFrom(...credentials);
const junk = fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" }), credential);

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
        rotateEvery: mostly(durations.rotateEvery),
        overlap: mostly(durations.overlap),
        validity: mostly(durations.validity),
        other: fc.option(junk, { nil: undefined, freq: 12 }),
      },
      { requiredKeys: ["id"] },
    ),
  ),
);
const text = <T>(arbitrary: fc.Arbitrary<T>) =>
  mostly(arbitrary).map((value) => (typeof value === "string" ? value : JSON.stringify(value)));

const BY_NAME = {
  RUNTIMES: text(fc.array(entries, { maxLength: 3 })),
  KEY_VAULT_URL: text(hosts),
  ROTATE_EVERY: text(durations.rotateEvery),
  OVERLAP: text(durations.overlap),
  VALIDITY: text(durations.validity),
  NODES: text(usually(["watch", "ignore"], fc.constant("Watch"))),
  SOAK: text(durations.overlap),
  PAUSED: text(fc.boolean()),
  CONCURRENCY: text(fc.integer({ min: 0, max: 70 })),
  AZURE_RESOURCE_MANAGER_URL: text(hosts),
  AZURE_CLIENT_ID: text(fc.uuid()),
  AzureWebJobsStorage: text(usually(["UseDevelopmentStorage=true"], credential)),
  AzureWebJobsStorage__accountName: text(usually(["account"], fc.constant("Account"))),
  AzureWebJobsStorage__blobServiceUri: text(hosts),
  AzureWebJobsStorage__credential: text(fc.constant("managedidentity")),
};

/** Each setting mostly of the right kind, left to chance how they fit each other. */
export const wildSettings: fc.Arbitrary<Settings> = fc.record(BY_NAME, {
  requiredKeys: ["RUNTIMES", "KEY_VAULT_URL", "AzureWebJobsStorage"],
});

const nameOfSetting = fc.constantFrom(...(Object.keys(BY_NAME) as (keyof typeof BY_NAME)[]));

/** Valid settings of which one or two texts were edited, mostly the list of runtimes; and what they were before. */
export const editedSettings: fc.Arbitrary<{ before: Settings; after: Settings }> = fc
  .record({
    meaning,
    name: fc.oneof(
      { arbitrary: fc.constant("RUNTIMES" as const), weight: 3 },
      { arbitrary: nameOfSetting, weight: 1 },
    ),
    edits,
  })
  .map(({ meaning, name, edits }) => {
    const { settings } = settingsFor(meaning);
    return { before: settings, after: { ...settings, [name]: edited(settings[name] ?? "", edits) } };
  });

/** Settings that hold bytes of any kind, as text: what a file or a shell may have made of them. */
export const rawSettings: fc.Arbitrary<Settings> = fc
  .record({
    meaning,
    name: nameOfSetting,
    bytes: fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constant(undefined)),
    damage,
    encoding: fc.constantFrom("utf8" as const, "latin1" as const, "utf16le" as const),
  })
  .map(({ meaning, name, bytes, damage, encoding }) => {
    const { settings } = settingsFor(meaning);
    const raw = bytes ?? damaged(settings[name] ?? "", damage);
    return { ...settings, [name]: Buffer.from(raw).toString(encoding) };
  });
