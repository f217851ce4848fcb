import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { armId, type Settings } from "../../config/settings.ts";

/** Stands in every made-up credential below: where it is in a message, a credential was shown. */
export const CANARY = /canary/i;

/** Credentials as people paste them, each of which could end up in a wrong field. */
export const credentials: readonly string[] = [
  "IR@01234567-89ab-4cde-8f01-23456789abcd@contoso@ServiceEndpoint=contoso.westeurope.datafactory.azure.net@FAKEcanary0/aGk+c2VjcmV0IG9mIHRoaXJ0eSB0d28gYnl0ZXM=",
  "IR%40guid%40contoso%40FAKEcanary",
  "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=FAKEcanary/bWFkZSB1cA==;EndpointSuffix=core.windows.net",
  "AccountName=account; AccountKey = FAKEcanary==",
  "https://account.blob.core.windows.net/container?sv=2026-01-01&sr=c&sp=rl&sig=FAKEcanary%3D",
  "sv=2026-01-01&sig%3DFAKEcanary",
  "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=FAKEcanary=",
  "https://user:FAKEcanary@contoso.vault.azure.net",
  `${"FAKE/canary+".repeat(7)}AA==`,
  "eyJhbGciOiJub25lIn0.FAKEcanary.FAKEcanary",
];

/** Usually what is right, or nearly, and now and then anything at all. */
const mostly = <T>(usual: fc.Arbitrary<T>, weight = 40) =>
  fc.oneof<fc.WeightedArbitrary<unknown>[]>({ arbitrary: usual, weight }, { arbitrary: junk, weight: 1 });
const junk = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: "binary" }),
  fc.constantFrom(...credentials),
  fc.constantFrom("x".repeat(5000), "\u{e0001}".repeat(1000), "", " ", "__proto__", "constructor"),
);

/** Of these, and now and then of those, which are wrong or do not fit. */
function usually<T>(good: readonly T[], odd: readonly T[]): fc.Arbitrary<T> {
  const weighted = { arbitrary: fc.constantFrom(...good), weight: 12 };
  return fc.oneof(weighted, { arbitrary: fc.constantFrom(...odd), weight: 1 });
}

const names = fc.constantFrom("ir-one", "ir-two", "IR-three", "ir-three", "a--b");
const ids = fc.tuple(names, fc.constantFrom("factory-one", "factory-two")).map((parts) => armId(...parts));
const hosts = usually(
  ["https://contoso.vault.azure.net", "https://CONTOSO.vault.azure.net/", "https://a:443"],
  ["http://a", "https://a/path", "https://a?b=c", "https:a", "https://a."],
);
const durations = {
  overlap: usually(["PT10M", "PT36H", "P2D"], ["PT9M59S", "P1M"]),
  rotateEvery: usually(["P3D", "P4W", "P30D"], ["P1M", "P2D"]),
  validity: usually(["P31D", "P60D"], [`P${"9".repeat(400)}D`, "P3D"]),
};

const entry = fc.oneof(
  ids,
  fc.record(
    {
      id: mostly(ids),
      secretName: mostly(names),
      keyVaultUrl: mostly(hosts),
      rotateEvery: mostly(durations.rotateEvery),
      overlap: mostly(durations.overlap),
      validity: mostly(durations.validity),
      other: junk,
    },
    { requiredKeys: ["id"] },
  ),
);
const text = <T>(usual: fc.Arbitrary<T>) =>
  mostly(usual).map((value) => (typeof value === "string" ? value : JSON.stringify(value)));

/** App settings, each mostly of the right kind, left to chance how they fit each other; one of them edited. */
export const settings: fc.Arbitrary<Settings> = fc
  .record({
    all: fc.record(
      {
        RUNTIMES: text(fc.array(mostly(entry), { minLength: 1, maxLength: 3 })),
        KEY_VAULT_URL: text(hosts),
        ROTATE_EVERY: text(durations.rotateEvery),
        OVERLAP: text(durations.overlap),
        VALIDITY: text(durations.validity),
        CONCURRENCY: text(fc.integer({ min: 1, max: 65 })),
        AZURE_RESOURCE_MANAGER_URL: text(hosts),
        AZURE_CLIENT_ID: text(fc.uuid()),
        AzureWebJobsStorage: text(fc.constant("UseDevelopmentStorage=true")),
        AzureWebJobsStorage__accountName: text(fc.constant("account")),
        AzureWebJobsStorage__credential: text(fc.constant("managedidentity")),
      },
      { requiredKeys: ["RUNTIMES", "KEY_VAULT_URL", "AzureWebJobsStorage"] },
    ),
    edit: fc.option(fc.tuple(fc.nat(9), fc.nat(999), fc.string({ maxLength: 2 })), {
      nil: undefined,
      freq: 2,
    }),
  })
  .map(({ all, edit: [which, at, piece] = [0, 0, undefined] }) => {
    const name = Object.keys(all)[which % Object.keys(all).length] as keyof typeof all;
    return piece === undefined ? all : { ...all, [name]: edited(all[name] ?? "", at, piece) };
  });

/** What is put in the place of a character, so many thousandths in; half of a credential is none and may be shown. */
function edited(whole: string, at: number, piece: string): string {
  if (CANARY.test(whole)) return whole;
  const place = Math.floor((at * whole.length) / 1000);
  return whole.slice(0, place) + piece + whole.slice(place + 1);
}

const flag = mostly(fc.boolean(), 8);
const known = usually(
  [
    armId("ir-one", "factory-one"),
    armId("ir-one", "factory-two"),
    "ir-two",
    "IR-TWO",
    "factory-one-ir-three",
  ],
  ["ir-one", "ir-three", "nobody", "*", "", "__proto__"],
);
const named = fc.oneof({ arbitrary: fc.array(known, { maxLength: 4 }), weight: 6 }, fc.constant(["*"]));

const body = fc
  .record(
    {
      runtimes: mostly(named),
      dryRun: flag,
      compromised: flag,
    },
    { requiredKeys: [] },
  )
  .chain((known) =>
    fc.option(junk, { nil: undefined, freq: 1 }).map((more) => ({ ...known, ...(more && { more }) })),
  )
  .map((value) => JSON.stringify(value));

/** Bodies of a request: of the right shape, with edits of their text, and what bytes become on their way. */
export const bodies: fc.Arbitrary<Uint8Array> = fc.oneof(
  body.map((whole) => Buffer.from(whole)),
  fc
    .tuple(
      body,
      fc.nat(999),
      fc.constantFrom("", "\u0000", "\u2028", '"', "{", "[".repeat(2000), "1e999", '"__proto__":1,'),
    )
    .map(([whole, at, piece]) => Buffer.from(edited(whole, at, piece))),
  fc
    .tuple(body, fc.constantFrom("gzip", "utf16le", "bom", "latin1", "surrogate"))
    .map(([whole, how]) => damaged(whole, how)),
  fc.uint8Array({ maxLength: 64 }),
);

function damaged(whole: string, how: string): Uint8Array {
  if (how === "gzip") return gzipSync(whole);
  if (how === "bom") return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(whole)]);
  if (how === "surrogate") return Buffer.concat([Buffer.from(whole), Buffer.from([0xed, 0xa0, 0x80])]);
  return Buffer.from(whole, how as "utf16le" | "latin1");
}
