import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { armClients } from "../../src/azure/armClients.ts";
import { connectLocks } from "../../src/azure/blobLease.ts";
import { managedIdentity } from "../../src/azure/credential.ts";
import { connectDataFactory } from "../../src/azure/dataFactory.ts";
import { connectKeyVault } from "../../src/azure/keyVault.ts";
import { ServiceError } from "../../src/errors.ts";
import type { KeyValue } from "../../src/keyValue.ts";
import { verdictOfError } from "../../src/reconcile/outcome.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { configOf } from "../support/runtime.ts";
import { unmetered } from "../support/unmetered.ts";
import { AMPLE, failureOf } from "./operations.ts";

const azure = useLocalAzure({ storage: true });
const { id, vaultUrl, secretName } = configOf();
const armUrl = "https://management.azure.com";
const storage = {
  kind: "identity",
  blobServiceUrl: "https://contoso.blob.core.windows.net",
  clientId: undefined,
} as const;

async function thrownBy(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    () => expect.fail("the call did not fail"),
    (thrown: unknown) => thrown,
  );
}

describe("a defect of this app in an adapter is a bug, whose text stays where it is", () => {
  const broken = () => {
    throw new TypeError("FAKE content");
  };
  const defective = { getToken: broken };
  const cases: Record<string, () => Promise<unknown>> = {
    "in what is written to the vault": () =>
      connectKeyVault(managedIdentity(undefined))(vaultUrl, secretName).addVersion(
        { value: { reveal: broken } as unknown as KeyValue, tags: {}, expiresOn: 1_900_000_000_000 },
        AMPLE,
      ),
    "in the credential of Data Factory": () =>
      connectDataFactory(armClients(armUrl, defective, unmetered))(id).list(AMPLE),
    "in the credential of the vault": () => connectKeyVault(defective)(vaultUrl, secretName).getLatest(AMPLE),
    "in the credential of the storage account": () => connectLocks(storage, defective).acquire(id, AMPLE),
  };

  test.for(Object.entries(cases))("%s", async ([, call]) => {
    azure().addRuntime(id.text);
    azure().addVault(vaultUrl);
    const thrown = await thrownBy(call());
    expect(thrown).not.toBeInstanceOf(ServiceError);
    expect(verdictOfError(thrown, false)).toMatchObject({
      reason: "bug",
      message: expect.stringContaining("an unexpected TypeError"),
    });
    expect(inspect(thrown, { showHidden: true })).not.toContain("FAKE");
    // Where it happened is kept.
    expect((thrown as Error).stack).toContain("defects.test.ts");
  });
});

test("what an SDK stumbles over in an answer is no bug of this app", async () => {
  azure().addVault(vaultUrl);
  const vault = connectKeyVault(managedIdentity(undefined))(vaultUrl, secretName);
  // The SDK reads parts of bodies that are not there, and throws a TypeError without a status.
  for (const status of [200, 404]) {
    const empty = azure().faults.inject({ operation: "getSecret", fault: { status } });
    expect(await failureOf(vault.getLatest(AMPLE))).toMatchObject({ reason: "unexpected-response", status });
    empty.remove();
  }
});

test.for([
  [
    "a challenge for another host",
    'Bearer authorization="https://login.example/t", resource="https://other.example"',
  ],
  ["a challenge that is none", 'Bearer authorization="https://login.example/t", resource="not a url"'],
] as const)("%s in place of the vault's is no bug of this app", async ([, challenge]) => {
  azure().addVault(vaultUrl);
  const headers = { "www-authenticate": challenge };
  azure().faults.inject({ operation: "challenge", fault: { status: 401, headers } });
  const vault = connectKeyVault(managedIdentity(undefined))(vaultUrl, secretName);
  const error = await failureOf(vault.getLatest(AMPLE));
  expect(error).toMatchObject({ reason: "unexpected-response", nothingSent: true });
  expect(error.message).toContain("the answer is not from Key Vault");
});

test.for(["HTML", ""])(
  "a vault that answers the first request with 404 and %j is no missing secret",
  async (body) => {
    azure().addVault(vaultUrl);
    azure().faults.inject({ operation: "challenge", times: 9, fault: { status: 404, body } });
    const vault = connectKeyVault(managedIdentity(undefined))(vaultUrl, secretName);
    expect(await failureOf(vault.getLatest(AMPLE))).toMatchObject({
      reason: "unexpected-response",
      status: 404,
    });
  },
);
