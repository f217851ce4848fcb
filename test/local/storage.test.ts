import { ManagedIdentityCredential } from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";
import { expect, test } from "vitest";
import { useLocalAzure } from "../support/localAzure.ts";

const local = useLocalAzure({ storage: true });
const URL = "https://contoso.blob.core.windows.net";
const options = { retryOptions: { maxTries: 1 } };

test("an identity opens the storage account behind the proxy, and its calls are told and meet faults", async () => {
  const container = new BlobServiceClient(URL, new ManagedIdentityCredential(), options).getContainerClient(
    "one",
  );
  await container.create();
  await container.getBlockBlobClient("blob").upload("", 0);
  const lease = container.getBlockBlobClient("blob").getBlobLeaseClient();
  await lease.acquireLease(60);
  local().faults.inject({ operation: "renewLease", fault: { status: 500 } });
  await expect(lease.renewLease()).rejects.toMatchObject({ statusCode: 500 });
  await lease.releaseLease();
  const storage = local().calls.filter(({ service }) => service === "storage");
  expect(storage.map(({ operation, status }) => `${operation} ${status}`)).toEqual([
    "createContainer 201",
    "putBlob 201",
    "acquireLease 201",
    "renewLease 500",
    "releaseLease 200",
  ]);
});

test("a token for anything else does not open it", async () => {
  const { token } = local().tokens.issue("https://vault.azure.net", 60);
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 60_000 }) };
  const container = new BlobServiceClient(URL, credential, options).getContainerClient("two");
  await expect(container.create()).rejects.toMatchObject({
    statusCode: 401,
    code: "InvalidAuthenticationInfo",
  });
});
