import { BlobServiceClient } from "@azure/storage-blob";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flawOf } from "../../src/config/connectionString.ts";
import { problemsOf, settings } from "./settings.ts";

const ACCOUNT =
  "DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=FAKE;EndpointSuffix=core.windows.net";
const without = (name: string) =>
  ACCOUNT.split(";")
    .filter((element) => !element.startsWith(name))
    .join(";");
const SAS = "SharedAccessSignature=sv=2026-01-01&sig=FAKE";
const ENDPOINT = "BlobEndpoint=https://acc.blob.core.windows.net";

/** Whether the SDK makes of it what a lease is asked with: the URL of a blob at an http server. */
function isUsable(text: string): boolean {
  try {
    const { url } = BlobServiceClient.fromConnectionString(text)
      .getContainerClient("locks")
      .getBlobClient("x");
    return /^https?:\/\/[^/]+\/(?:.+\/)?locks\/x(?:\?|$)/.test(url);
  } catch {
    return false;
  }
}

describe("a connection string is a problem of the settings", () => {
  test.each([
    ["is not a connection string", "FAKE+key=="],
    ["is not a connection string", ";"],
    [
      "is not a connection string",
      "@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/x)",
    ],
    ["is not a connection string", "DefaultEndpointsProtocol=https;AccountName = acc;AccountKey=FAKE"],
    ["has neither an AccountKey nor a SharedAccessSignature", "a=b"],
    ["has neither an AccountKey nor a SharedAccessSignature", without("AccountKey")],
    ["has no base64 AccountKey", `${without("AccountKey")};AccountKey=`],
    ["has neither an AccountKey nor a SharedAccessSignature", ENDPOINT],
    ["has neither an AccountKey nor a SharedAccessSignature", "usedevelopmentstorage=true"],
    ["has neither an AccountKey nor a SharedAccessSignature", "UseDevelopmentStorage=false"],
    ["has no base64 AccountKey", `${without("AccountKey")};AccountKey=!!!`],
    ["has no AccountName", without("AccountName")],
    ["has no AccountName", ACCOUNT.replace("AccountName", "accountname")],
    ["has no DefaultEndpointsProtocol", without("DefaultEndpointsProtocol")],
    ["has neither an EndpointSuffix nor a BlobEndpoint", without("EndpointSuffix")],
    [
      "has a DefaultEndpointsProtocol, AccountName and EndpointSuffix that do not form a valid URL",
      ACCOUNT.replace("https", "ftp"),
    ],
    [
      "has a DefaultEndpointsProtocol, AccountName and EndpointSuffix that do not form a valid URL",
      ACCOUNT.replace("=acc", "=my account"),
    ],
    ["has a BlobEndpoint that is not the URL of a blob service", `${ACCOUNT};BlobEndpoint=acc`],
    ["has a BlobEndpoint that is not the URL of a blob service", `${ENDPOINT}/locks;${SAS}`],
    ["has a BlobEndpoint that is not the URL of a blob service", `${ENDPOINT}?sv=1;${SAS}`],
    ["has no BlobEndpoint beside its SharedAccessSignature", SAS],
    ["has no BlobEndpoint beside its SharedAccessSignature", `AccountName=acc;${SAS}`],
    ["has a SharedAccessSignature without a sig", `${ENDPOINT};SharedAccessSignature=sv=2026-01-01`],
    [
      'has something other than a proxy\'s URL after "UseDevelopmentStorage=true"',
      "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=emulator",
    ],
    [
      'has something other than a proxy\'s URL after "UseDevelopmentStorage=true"',
      "UseDevelopmentStorage=truely",
    ],
  ])("that %s: %s", (flaw, text) => {
    expect(problemsOf(settings({ AzureWebJobsStorage: text }))).toEqual([
      `AzureWebJobsStorage: the value (not shown: it may hold a key) ${flaw}; give one such as "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net"`,
    ]);
  });
});

const element = fc.oneof(
  fc.constantFrom(...ACCOUNT.split(";"), ENDPOINT, SAS, "UseDevelopmentStorage=true"),
  fc.constantFrom(
    "",
    " ",
    "AccountName=",
    "AccountName",
    "AccountKey=",
    "AccountKey==",
    "accountKey=FAKE",
    "DefaultEndpointsProtocol=HTTP",
    "DefaultEndpointsProtocol=x",
    "EndpointSuffix=",
    "EndpointSuffix=a b",
    "BlobEndpoint=http://127.0.0.1:10000/acc/",
    "BlobEndpoint=acc.blob.core.windows.net",
    "BlobEndpoint=",
    "QueueEndpoint=https://acc.queue.core.windows.net",
    "SharedAccessSignature=?sig=FAKE",
    "DevelopmentStorageProxyUri=http://emulator",
    "DevelopmentStorageProxyUri=",
  ),
  fc.string({ maxLength: 12 }),
);
const strings = fc
  .oneof(
    fc.array(element, { maxLength: 6 }),
    fc.tuple(fc.shuffledSubarray(ACCOUNT.split(";"), { minLength: 3 }), element).map((parts) => parts.flat()),
  )
  .map((elements) => elements.join(";").trim());

test("whatever is accepted can be used by the real SDK", () => {
  let accepted = 0;
  fc.assert(
    fc.property(strings, (text) => {
      if (flawOf(text) !== undefined) return;
      accepted += 1;
      expect(isUsable(text), text).toBe(true);
    }),
    { numRuns: 5000 },
  );
  expect(accepted).toBeGreaterThan(500);
});

test("what the real SDK can use is refused for nothing but what a lease would be refused for", () => {
  fc.assert(
    fc.property(strings, (text) => {
      const flaw = flawOf(text);
      if (flaw === undefined || !isUsable(text)) return;
      expect(flaw, text).toMatch(
        /not a connection string|without a sig$|that is not the URL|make no URL|of a proxy/,
      );
    }),
    { numRuns: 5000 },
  );
});
