import fc from "fast-check";
import type { Config, Span, StorageConfig } from "../../../src/config/config.ts";
import { armId, type Settings } from "../../config/settings.ts";
import { Choices, spellCase, spellDuration, spellJson } from "./spelling.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const HOSTS = ["contoso.vault.azure.net", "fabrikam.vault.azure.net", "vault.example"] as const;

// Every overlap is shorter than every interval, and every interval than every validity: all mixtures are valid.
const spans = {
  overlap: fc.constantFrom(10 * MINUTE, 10 * MINUTE + 1000, HOUR, 36 * HOUR, 2 * DAY),
  rotateEvery: fc.constantFrom(2 * DAY + 1000, 2.5 * DAY, 7 * DAY, 30 * DAY, 40 * DAY),
  validity: fc.constantFrom(40 * DAY + 1000, 49 * DAY, 60.5 * DAY, 90 * DAY, 3650 * DAY),
};
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const host = fc.constantFrom(...HOSTS);
const ownSpans = {
  overlap: optional(spans.overlap),
  rotateEvery: optional(spans.rotateEvery),
  validity: optional(spans.validity),
  nodes: optional(fc.constantFrom("watch", "ignore")),
  paused: optional(fc.boolean()),
};

const runtime = fc.record({
  factory: fc.constantFrom("factory-one", "FactoryTwo", "f00"),
  group: fc.constantFrom("rg", "RG_(x).1-2", "g".repeat(90)),
  name: fc.constantFrom("ir", "IR-a", "r2d2"),
  ownSecret: fc.boolean(),
  vault: optional(host),
  ...ownSpans,
});

/** What somebody wants to be configured. */
export const meaning = fc.record({
  runtimes: fc.array(runtime, { minLength: 1, maxLength: 4 }),
  vault: host,
  ...ownSpans,
  soak: optional(fc.constantFrom(10 * MINUTE, 20 * HOUR, 2 * DAY)),
  concurrency: optional(fc.integer({ min: 1, max: 64 })),
  arm: optional(fc.constantFrom("management.usgovcloudapi.net", "management.chinacloudapi.cn")),
  clientId: optional(fc.uuid()),
  storage: fc.constantFrom("connectionString", "blobServiceUri", "accountName"),
  spelling: fc.noShrink(fc.integer()),
});

export type Meaning = typeof meaning extends fc.Arbitrary<infer T> ? T : never;

/** An entry of the list, as the object that is spelled. */
export type Entry = Record<string, unknown> & { id: string };

export interface Meant {
  readonly settings: Settings;
  /** Of the list of runtimes, before it was spelled; an entry with nothing but an id may be spelled as text. */
  readonly entries: readonly Entry[];
  /** What has to be read. */
  readonly config: Config;
}

/** Settings that say this, in one of many spellings, and what they say. */
export function settingsFor(meant: Meaning): Meant {
  const choices = new Choices(meant.spelling);
  const span = (ms: number): Span => ({ ms, text: spellDuration(ms, choices) });
  const shared = {
    overlap: meant.overlap === undefined ? undefined : span(meant.overlap),
    rotateEvery: meant.rotateEvery === undefined ? undefined : span(meant.rotateEvery),
    validity: meant.validity === undefined ? undefined : span(meant.validity),
  };
  const soak = meant.soak === undefined ? undefined : span(meant.soak);
  const everyHasOwn = meant.runtimes.every(({ vault }) => vault !== undefined);
  const vaultSetting = everyHasOwn && choices.next(2) === 0 ? undefined : url(meant.vault, choices);

  const read = meant.runtimes.map((wanted, index) => {
    const own = (name: "overlap" | "rotateEvery" | "validity") =>
      wanted[name] === undefined ? undefined : span(wanted[name]);
    // The number at the end keeps ids and secrets apart, whatever the names.
    const name = `${wanted.name}-${index}`;
    const text = spellCase(armId(name, wanted.factory, wanted.group), choices);
    const [, subscriptionId = "", , resourceGroup = "", , , , factory = "", , runtimeName = ""] = text
      .slice(1)
      .split("/");
    const secretName = wanted.ownSecret ? `Secret-${index}` : undefined;
    const [overlap, rotateEvery, validity] = [own("overlap"), own("rotateEvery"), own("validity")];
    const entry: Entry = {
      id: text,
      secretName,
      keyVaultUrl: wanted.vault === undefined ? undefined : url(wanted.vault, choices),
      overlap: overlap?.text,
      rotateEvery: rotateEvery?.text,
      validity: validity?.text,
      nodes: wanted.nodes,
      paused: wanted.paused,
    };
    const every = rotateEvery ?? shared.rotateEvery ?? { text: "P30D", ms: 30 * DAY };
    const valid = validity ?? shared.validity ?? { ms: every.ms * 2 };
    const config = {
      id: {
        text,
        key: text.toLowerCase(),
        provider: "Microsoft.DataFactory" as const,
        subscriptionId,
        resourceGroup,
        parent: factory,
        name: runtimeName,
      },
      vaultUrl: `https://${wanted.vault ?? meant.vault}`,
      secretName: secretName ?? `${factory}-${runtimeName}`,
      rotateEvery: every,
      overlap: overlap ?? shared.overlap ?? { text: "P2D", ms: 2 * DAY },
      validityDays: Math.ceil(valid.ms / DAY),
      nodes: wanted.nodes ?? meant.nodes ?? "watch",
      paused: meant.paused === true || wanted.paused === true,
    };
    return { entry, config };
  });

  const entries = read.map(({ entry }) => entry);
  const [storage, storageSettings] = storageFor(meant, choices);
  const padded = (text: string | undefined) =>
    text === undefined
      ? choices.of([undefined, ""])
      : choices.of(["", " ", "\n"]) + text + choices.of(["", " ", "\r\n"]);
  return {
    entries,
    settings: {
      RUNTIMES: padded(
        spellJson(
          entries.map((entry) => asTextSometimes(entry, choices)),
          choices,
        ),
      ),
      KEY_VAULT_URL: padded(vaultSetting),
      ROTATE_EVERY: padded(shared.rotateEvery?.text),
      OVERLAP: padded(shared.overlap?.text),
      VALIDITY: padded(shared.validity?.text),
      NODES: padded(meant.nodes),
      SOAK: padded(soak?.text),
      PAUSED: padded(meant.paused?.toString()),
      CONCURRENCY: padded(meant.concurrency?.toString()),
      AZURE_RESOURCE_MANAGER_URL: padded(meant.arm && url(meant.arm, choices)),
      AZURE_CLIENT_ID: padded(meant.clientId),
      ...storageSettings,
    },
    config: {
      runtimes: read.map(({ config }) => config),
      patterns: [],
      soak: soak ?? { text: "PT20H", ms: 20 * HOUR },
      concurrency: meant.concurrency ?? 8,
      armUrl: `https://${meant.arm ?? "management.azure.com"}`,
      clientId: meant.clientId,
      storage,
    },
  };
}

function asTextSometimes(entry: Entry, choices: Choices): unknown {
  const isBare = Object.entries(entry).every(([name, value]) => name === "id" || value === undefined);
  return isBare && choices.next(2) === 0 ? entry.id : entry;
}

function url(host: string, choices: Choices): string {
  return `${spellCase("https", choices)}://${spellCase(host, choices)}${choices.of(["", "", ":443"])}${choices.of(["", "/"])}`;
}

function storageFor({ storage, clientId }: Meaning, choices: Choices): [StorageConfig, Settings] {
  if (storage === "connectionString") {
    const connectionString = choices.of([
      "UseDevelopmentStorage=true",
      "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=FAKE==;EndpointSuffix=core.windows.net",
      "BlobEndpoint=https://account.blob.core.windows.net/;SharedAccessSignature=sv=1&sig=FAKE%3D;",
    ]);
    return [{ kind: "connectionString", connectionString }, { AzureWebJobsStorage: connectionString }];
  }
  const identity = {
    kind: "identity",
    blobServiceUrl: "https://account.blob.core.windows.net",
    clientId,
  } as const;
  const settings = {
    AzureWebJobsStorage__credential: choices.of([undefined, "managedidentity", "ManagedIdentity"]),
    AzureWebJobsStorage__clientId: clientId,
  };
  return storage === "accountName"
    ? [identity, { ...settings, AzureWebJobsStorage__accountName: "account" }]
    : [
        identity,
        {
          ...settings,
          AzureWebJobsStorage__blobServiceUri: `${identity.blobServiceUrl}${choices.of(["", "/"])}`,
        },
      ];
}
