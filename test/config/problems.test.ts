import { describe, expect, test } from "vitest";
import { ISO, LIST, NO_ENTRY, SECRET, VAULT, VAULT_MISSING } from "./formats.ts";
import { armId, problemsOf, type Row, settings, withRuntimes } from "./settings.ts";

const ID = armId();
const NO_VAULT = { KEY_VAULT_URL: undefined };
const own = (entry: object) => withRuntimes({ id: ID, ...entry });

describe("a vault and a secret", () => {
  const url = (text: string) => settings({ KEY_VAULT_URL: text });
  const refused = (text: string) => `KEY_VAULT_URL: ${text} is not accepted; give ${VAULT}`;
  test.each<Row>([
    ["no vault at all", settings(NO_VAULT), VAULT_MISSING],
    [
      "no vault for one of two",
      { ...withRuntimes(ID, { id: armId("ir-two"), keyVaultUrl: "https://a.example" }), ...NO_VAULT },
      VAULT_MISSING,
    ],
    [
      "no vault for many is one problem",
      { ...withRuntimes(ID, armId("ir-two"), { id: armId("ir-three") }), ...NO_VAULT },
      VAULT_MISSING,
    ],
    ["only a name", url("contoso"), refused('"contoso"')],
    ["only a host", url("contoso.vault.azure.net"), refused('"contoso.vault.azure.net"')],
    ["http", url("http://contoso.vault.azure.net"), refused('"http://contoso.vault.azure.net"')],
    [
      "a path",
      url("https://contoso.vault.azure.net/secrets/x"),
      refused('"https://contoso.vault.azure.net/secrets/x"'),
    ],
    [
      "two slashes at the end",
      url("https://contoso.vault.azure.net//"),
      refused('"https://contoso.vault.azure.net//"'),
    ],
    ["a query", url("https://contoso.vault.azure.net?x"), refused('"https://contoso.vault.azure.net?x"')],
    ["a hash", url("https://contoso.vault.azure.net/#"), refused('"https://contoso.vault.azure.net/#"')],
    [
      "a user and password",
      url("https://me:FAKE@contoso.vault.azure.net"),
      refused("[redacted: it looks like a credential]"),
    ],
    ["a backslash", url("https:\\\\contoso"), refused('"https:\\\\\\\\contoso"')],
    ["an impossible host", url("https://[contoso"), refused('"https://[contoso"')],
    [
      "a host that ends in a dot",
      url("https://contoso.vault.azure.net."),
      refused('"https://contoso.vault.azure.net."'),
    ],
    [
      "an entry with a wrong vault of its own",
      own({ keyVaultUrl: "contoso" }),
      `RUNTIMES[0].keyVaultUrl: "contoso" is not accepted; give ${VAULT}`,
    ],
    [
      "an entry with an empty vault",
      own({ keyVaultUrl: "" }),
      `RUNTIMES[0].keyVaultUrl: "" is not accepted; give ${VAULT}`,
    ],
    [
      "an entry whose vault is null",
      own({ keyVaultUrl: null }),
      `RUNTIMES[0].keyVaultUrl: null is not accepted; give ${VAULT}`,
    ],
    [
      "a secret with an underscore",
      own({ secretName: "my_secret" }),
      `RUNTIMES[0].secretName: "my_secret" is not accepted; give ${SECRET}`,
    ],
    [
      "a secret without a name",
      own({ secretName: "" }),
      `RUNTIMES[0].secretName: "" is not accepted; give ${SECRET}`,
    ],
    [
      "a secret of 128 characters",
      own({ secretName: "x".repeat(128) }),
      `RUNTIMES[0].secretName: "${"x".repeat(77)}…" is not accepted; give ${SECRET}`,
    ],
    [
      "a secret whose name is an auth key",
      own({ secretName: "IR@FAKE" }),
      `RUNTIMES[0].secretName: [redacted: it looks like a credential] is not accepted; give ${SECRET}`,
    ],
  ])("%s", (_, given, ...problems) => {
    expect(problemsOf(given)).toEqual(problems);
  });
});

const STORAGE = "AzureWebJobsStorage";
const notConnection = (flaw: string) =>
  `${STORAGE}: the value (not shown: it may hold a key) ${flaw}; give one such as "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net"`;

describe("other settings", () => {
  const identity = (given: Record<string, string>) => settings({ AzureWebJobsStorage: undefined, ...given });
  const blob = (text: string) => identity({ AzureWebJobsStorage__blobServiceUri: text });
  const account = (text: string) => identity({ AzureWebJobsStorage__accountName: text });
  const notBlob = (text: string) =>
    `${STORAGE}__blobServiceUri: ${text} is not accepted; give the https URL of a blob service without a query, such as "https://mystorage.blob.core.windows.net"`;
  const notAccount = (text: string) =>
    `${STORAGE}__accountName: "${text}" is not accepted; give the name of a storage account: 3 to 24 lower-case letters and digits`;
  const NOT_SHOWN = notConnection("is not a connection string");
  const MISSING = `${STORAGE}: missing; give a connection string, or ${STORAGE}__blobServiceUri or ${STORAGE}__accountName to use an identity`;
  const notClientId = (place: string, text: string) =>
    `${place}: "${text.slice(0, 77)}${text.length > 77 ? "…" : ""}" is not accepted; give the client id of a user-assigned identity, which is a GUID`;
  const concurrency = (text: string) =>
    `CONCURRENCY: "${text}" is not accepted; give a whole number from 1 to 64`;

  test.each<Row>([
    ...["0", "65", "-1", "1.5", "1e1", "0x8", "08", "eight", "8 8"].map(
      (text): Row => [`concurrency ${text}`, settings({ CONCURRENCY: text }), concurrency(text)],
    ),
    ...["Watch", "no", "true"].map(
      (text): Row => [
        `nodes that are to be ${text}`,
        settings({ NODES: text }),
        `NODES: "${text}" is not accepted; give "watch" or "ignore"`,
      ],
    ),
    ...["yes", "1", "P1D"].map(
      (text): Row => [
        `a pause that is ${text}`,
        settings({ PAUSED: text }),
        `PAUSED: "${text}" is not accepted; give true or false`,
      ],
    ),
    [
      "a soak that is no duration",
      settings({ SOAK: "20h" }),
      `SOAK: "20h" is not accepted; give ${ISO("PT20H")}`,
    ],
    [
      "an entry with wrong nodes and a pause as text",
      own({ nodes: "off", paused: "true" }),
      'RUNTIMES[0].nodes: "off" is not accepted; give "watch" or "ignore"',
      'RUNTIMES[0].paused: "true" is not accepted; give true or false',
    ],
    [
      "Resource Manager over http",
      settings({ AZURE_RESOURCE_MANAGER_URL: "http://management.azure.com" }),
      'AZURE_RESOURCE_MANAGER_URL: "http://management.azure.com" is not accepted; give an https URL of a host and nothing after it, such as "https://management.azure.com"',
    ],
    ["no storage", identity({}), MISSING],
    [
      "an identity for storage that is not said where",
      identity({ AzureWebJobsStorage__credential: "managedidentity" }),
      MISSING,
    ],
    [
      "a key instead of a connection string",
      settings({ AzureWebJobsStorage: "FAKE-secret-key==" }),
      NOT_SHOWN,
    ],
    [
      "a URL instead of a connection string",
      settings({ AzureWebJobsStorage: "https://FAKE.blob.core.windows.net?sv=1&sig=FAKE" }),
      NOT_SHOWN,
    ],
    [
      "a blob service over http",
      blob("http://acc.blob.core.windows.net"),
      notBlob('"http://acc.blob.core.windows.net"'),
    ],
    [
      "an emulator over http, to which the SDK sends no token",
      blob("http://127.0.0.1:10000/acc"),
      notBlob('"http://127.0.0.1:10000/acc"'),
    ],
    [
      "a container of a blob service",
      blob("https://acc.blob.core.windows.net/locks"),
      notBlob('"https://acc.blob.core.windows.net/locks"'),
    ],
    [
      "another service of the account",
      blob("https://acc.queue.core.windows.net"),
      notBlob('"https://acc.queue.core.windows.net"'),
    ],
    ["two slashes at the end", blob("https://acc.example//"), notBlob('"https://acc.example//"')],
    ...["my-identity", "99999999-0000-0000-0000-00000000000", armId()].flatMap((text): Row[] => [
      [`the client id ${text}`, settings({ AZURE_CLIENT_ID: text }), notClientId("AZURE_CLIENT_ID", text)],
      [
        `the client id ${text} for storage`,
        identity({ AzureWebJobsStorage__accountName: "acc1", AzureWebJobsStorage__clientId: text }),
        notClientId(`${STORAGE}__clientId`, text),
      ],
    ]),
    ...["managedIdentityResourceId", "tenantId", "clientSecret", "serviceUri", "clientID"].map(
      (suffix): Row => [
        `${suffix} for storage`,
        identity({ AzureWebJobsStorage__accountName: "acc1", [`${STORAGE}__${suffix}`]: "FAKE" }),
        `${STORAGE}__${suffix}: the Functions host may use this setting, but this app does not; the settings that both use are ${STORAGE}__blobServiceUri, ${STORAGE}__accountName, ${STORAGE}__credential, ${STORAGE}__clientId, ${STORAGE}__queueServiceUri, ${STORAGE}__tableServiceUri`,
      ],
    ),
    [
      "a blob service with a signature",
      blob("https://acc.blob.core.windows.net?sv=1&sig=FAKE"),
      notBlob("[redacted: it looks like a credential]"),
    ],
    [
      "a blob service with a password",
      blob("https://me:FAKE@acc.blob.core.windows.net"),
      notBlob("[redacted: it looks like a credential]"),
    ],
    ...["ab", "a".repeat(25), "MyStorage", "my-storage"].map(
      (text): Row => [`the account ${text}`, account(text), notAccount(text)],
    ),
    [
      "a credential of another kind",
      identity({ AzureWebJobsStorage__accountName: "acc1", AzureWebJobsStorage__credential: "workload" }),
      `${STORAGE}__credential: "workload" is not accepted; give "managedidentity", or leave it out`,
    ],
    ["nothing at all", {}, VAULT_MISSING, `RUNTIMES: missing; give ${LIST}`, MISSING],
    [
      "everything at once",
      {
        RUNTIMES: JSON.stringify([
          { id: ID, rotateEvery: "P1M", secretName: "a b" },
          7,
          { id: ID.toUpperCase(), overlap: "P1D", rotateEvery: "PT1H" },
        ]),
        KEY_VAULT_URL: "contoso",
        VALIDITY: "P1Y",
        CONCURRENCY: "99",
        AZURE_RESOURCE_MANAGER_URL: "management",
        AzureWebJobsStorage: "FAKE",
      },
      `KEY_VAULT_URL: "contoso" is not accepted; give ${VAULT}`,
      `VALIDITY: "P1Y" is not accepted; give ${ISO("P60D")}`,
      `RUNTIMES[0].secretName: "a b" is not accepted; give ${SECRET}`,
      `RUNTIMES[0].rotateEvery: "P1M" is not accepted; give ${ISO("P30D")}`,
      `RUNTIMES[1]: 7 ${NO_ENTRY}`,
      'RUNTIMES[2].overlap: "P1D" is not accepted; give a duration shorter than RUNTIMES[2].rotateEvery, which is "PT1H"',
      'RUNTIMES[2]: runtime "IR-ONE" of factory "FACTORY-ONE" is already listed at RUNTIMES[0]; list each runtime once',
      concurrency("99"),
      'AZURE_RESOURCE_MANAGER_URL: "management" is not accepted; give an https URL of a host and nothing after it, such as "https://management.azure.com"',
      NOT_SHOWN,
    ],
  ])("%s", (_, given, ...problems) => {
    expect(problemsOf(given)).toEqual(problems);
  });
});

test("a problem stays short, however many unknown properties there are", () => {
  const names = Array.from({ length: 5000 }, (_, number) => [`p${number}`, 1]);
  const [problem = ""] = problemsOf(withRuntimes({ id: armId(), ...Object.fromEntries(names) }));
  expect(problem.length).toBeLessThan(700);
});
