import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { ConfigurationError } from "../../src/config/configurationError.ts";
import { armId, configOf, settings, withRuntimes } from "./settings.ts";

const ID = armId();
const only = (...runtimes: unknown[]) => configOf(...runtimes).runtimes[0];

describe("a valid configuration", () => {
  test("needs three settings and has the documented defaults for the others", () => {
    expect(readConfig(settings())).toEqual({
      runtimes: [
        {
          id: {
            text: "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-one/providers/Microsoft.DataFactory/factories/factory-one/integrationRuntimes/ir-one",
            key: "/subscriptions/11111111-2222-3333-4444-555555555555/resourcegroups/rg-one/providers/microsoft.datafactory/factories/factory-one/integrationruntimes/ir-one",
            subscriptionId: "11111111-2222-3333-4444-555555555555",
            resourceGroup: "rg-one",
            provider: "Microsoft.DataFactory",
            parent: "factory-one",
            name: "ir-one",
          },
          vaultUrl: "https://contoso.vault.azure.net",
          secretName: "factory-one-ir-one",
          rotateEvery: { text: "P30D", ms: 2_592_000_000 },
          overlap: { text: "P2D", ms: 172_800_000 },
          validityDays: 60,
          nodes: "watch",
          paused: false,
        },
      ],
      patterns: [],
      soak: { text: "PT20H", ms: 72_000_000 },
      concurrency: 8,
      armUrl: "https://management.azure.com",
      clientId: undefined,
      runbookUrl: undefined,
      storage: { kind: "connectionString", connectionString: "UseDevelopmentStorage=true" },
    });
  });

  test("takes every setting", () => {
    const config = readConfig(
      settings({
        KEY_VAULT_URL: "https://Contoso.Vault.Azure.NET/",
        ROTATE_EVERY: "P2W",
        OVERLAP: "PT36H",
        VALIDITY: "P20DT1H",
        NODES: "ignore",
        SOAK: "P2D",
        PAUSED: "true",
        CONCURRENCY: "64",
        AZURE_RESOURCE_MANAGER_URL: "https://management.usgovcloudapi.net/",
        AZURE_CLIENT_ID: "99999999-0000-0000-0000-000000000000",
        RUNBOOK_URL: "https://wiki.contoso.com/runbook",
      }),
    );
    expect(config).toMatchObject({
      soak: { text: "P2D", ms: 172_800_000 },
      concurrency: 64,
      armUrl: "https://management.usgovcloudapi.net",
      clientId: "99999999-0000-0000-0000-000000000000",
      runbookUrl: "https://wiki.contoso.com/runbook",
    });
    expect(config.runtimes[0]).toMatchObject({
      vaultUrl: "https://contoso.vault.azure.net",
      rotateEvery: { text: "P2W", ms: 1_209_600_000 },
      overlap: { text: "PT36H", ms: 129_600_000 },
      validityDays: 21,
      nodes: "ignore",
      paused: true,
    });
  });

  test("lets an entry say everything for itself", () => {
    const entry = {
      id: ID,
      secretName: "My-Secret",
      keyVaultUrl: "https://other.vault.azure.net",
      rotateEvery: "P10D",
      overlap: "PT10M",
      validity: "P11D",
      nodes: "watch",
      paused: true,
    };
    const given = { ...withRuntimes(entry), KEY_VAULT_URL: undefined, VALIDITY: "P90D", NODES: "ignore" };
    expect(readConfig(given).runtimes[0]).toMatchObject({
      vaultUrl: "https://other.vault.azure.net",
      secretName: "My-Secret",
      rotateEvery: { text: "P10D", ms: 864_000_000 },
      overlap: { text: "PT10M", ms: 600_000 },
      validityDays: 11,
      nodes: "watch",
      paused: true,
    });
  });

  test.each([
    ["twice its own rotateEvery", { id: ID, rotateEvery: "P10D" }, 20],
    ["rounded up to whole days", { id: ID, rotateEvery: "PT30H", overlap: "P1D" }, 3],
    ["one day where twice is just that", { id: ID, rotateEvery: "PT12H", overlap: "PT1H" }, 1],
  ])("gives an entry without a validity %s", (_, entry, days) => {
    expect(only(entry)?.validityDays).toBe(days);
  });

  test.each([
    ["false", undefined, false],
    ["false", true, true],
    ["true", undefined, true],
    // Nobody lifts a freeze by an entry that spells out the default.
    ["true", false, true],
    ["True", undefined, true],
  ])("pauses all with PAUSED, one by its entry: %s, %s", (all, paused, expected) => {
    const given = { ...withRuntimes({ id: ID, paused }), PAUSED: all };
    expect(readConfig(given).runtimes[0]?.paused).toBe(expected);
  });

  test("keeps an id as it was written and compares it in lower case", () => {
    const id = armId("IR-One", "Factory-One", "RG_(one).x").replace("resourceGroups", "RESOURCEGROUPS");
    expect(only(id)?.id).toMatchObject({ text: id, key: id.toLowerCase(), resourceGroup: "RG_(one).x" });
    expect(only(id)?.secretName).toBe("Factory-One-IR-One");
  });

  test("allows one secret name in two vaults, and two secrets in one", () => {
    const one = { id: armId("ir-one"), secretName: "same" };
    const two = { id: armId("ir-two"), secretName: "same", keyVaultUrl: "https://other.vault.azure.net" };
    expect(configOf(one, two, armId("ir-three")).runtimes).toHaveLength(3);
  });

  test("allows the longest names: 63 characters each make a secret name of 127", () => {
    const long = "a".repeat(63);
    expect(only(armId(long, long, "g".repeat(90)))?.secretName).toBe(`${long}-${long}`);
    expect(only({ id: ID, secretName: "s".repeat(127) })?.secretName).toHaveLength(127);
  });

  test.each([
    ["PT0.5H", "PT0,25H", 1_800_000, 900_000],
    ["P1W2DT3H4M5S", "P1D", 788_645_000, 86_400_000],
    ["P0.5W", "PT600S", 302_400_000, 600_000],
    ["P3650D", "P3649D", 315_360_000_000, 315_273_600_000],
  ])("reads the durations %s and %s", (every, over, everyMs, overMs) => {
    expect(only({ id: ID, rotateEvery: every, overlap: over })).toMatchObject({
      rotateEvery: { text: every, ms: everyMs },
      overlap: { text: over, ms: overMs },
    });
  });

  test("takes settings that are empty or blank as left out, and ignores space around others", () => {
    const config = readConfig(
      settings({
        ROTATE_EVERY: "",
        OVERLAP: " \t",
        VALIDITY: "\n",
        NODES: "",
        SOAK: " ",
        PAUSED: "",
        CONCURRENCY: "  ",
        AZURE_RESOURCE_MANAGER_URL: "",
        AZURE_CLIENT_ID: " ",
        KEY_VAULT_URL: " https://contoso.vault.azure.net\n",
      }),
    );
    expect(config).toEqual(readConfig(settings()));
  });

  test("ignores the settings of others", () => {
    expect(
      readConfig(settings({ FUNCTIONS_EXTENSION_VERSION: "~4", ROTATION_SCHEDULE: "nonsense" })),
    ).toEqual(readConfig(settings()));
  });
});

describe("the storage account", () => {
  const storage = (given: Record<string, string>) =>
    readConfig(settings({ AzureWebJobsStorage: undefined, ...given })).storage;

  test.each([
    "DefaultEndpointsProtocol=https;AccountName=FAKE;AccountKey=FAKE==;EndpointSuffix=core.windows.net",
    "BlobEndpoint=https://FAKE.blob.core.windows.net/;SharedAccessSignature=sv=FAKE&sig=FAKE;",
    "DefaultEndpointsProtocol=http;AccountName=FAKE;AccountKey=FAKE;BlobEndpoint=http://127.0.0.1:10000/FAKE",
    "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://emulator",
  ])("is a connection string: %s", (connectionString) => {
    expect(storage({ AzureWebJobsStorage: connectionString })).toEqual({
      kind: "connectionString",
      connectionString,
    });
  });

  test.each([
    [
      { AzureWebJobsStorage__blobServiceUri: "https://Acc.blob.core.windows.net/" },
      "https://acc.blob.core.windows.net",
    ],
    [{ AzureWebJobsStorage__blobServiceUri: "https://127.0.0.1:10000/acc" }, "https://127.0.0.1:10000/acc"],
    [{ AzureWebJobsStorage__blobServiceUri: "https://localhost:10000/acc/" }, "https://localhost:10000/acc"],
    [{ AzureWebJobsStorage__blobServiceUri: "https://[::1]:10000" }, "https://[::1]:10000"],
    [{ AzureWebJobsStorage__accountName: "acc1" }, "https://acc1.blob.core.windows.net"],
    [
      {
        AzureWebJobsStorage__accountName: "acc1",
        AzureWebJobsStorage__blobServiceUri: "https://acc2.blob.core.windows.net",
      },
      "https://acc2.blob.core.windows.net",
    ],
  ])("is reached with an identity: %o", (given, blobServiceUrl) => {
    expect(storage(given)).toEqual({ kind: "identity", blobServiceUrl, clientId: undefined });
  });

  test("may have an identity of its own", () => {
    const given = {
      AzureWebJobsStorage__accountName: "acc1",
      AzureWebJobsStorage__credential: "ManagedIdentity",
      AzureWebJobsStorage__clientId: "99999999-0000-0000-0000-000000000000",
      AzureWebJobsStorage__queueServiceUri: "https://acc1.queue.core.windows.net",
    };
    expect(storage(given)).toMatchObject({
      kind: "identity",
      clientId: "99999999-0000-0000-0000-000000000000",
    });
  });

  test("is the connection string where both are given, as for the host", () => {
    const given = {
      AzureWebJobsStorage: "UseDevelopmentStorage=true",
      AzureWebJobsStorage__accountName: "NOT VALID",
    };
    expect(storage(given)).toMatchObject({ kind: "connectionString" });
  });
});

test("a configuration error lists all its problems in its message", () => {
  const error = new ConfigurationError(["RUNTIMES: missing", "OVERLAP: too short"]);
  expect(error.name).toBe("ConfigurationError");
  expect(error.message).toBe("The app settings are not valid:\n- RUNTIMES: missing\n- OVERLAP: too short");
});
