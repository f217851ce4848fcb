import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { BlobServiceClient } from "@azure/storage-blob";
import { expect, test } from "vitest";
import { startLocalAzure } from "../../local/azure/index.ts";
import { ALPHA, VAULT } from "./clients.ts";

/** Whether anybody listens there. */
async function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Runs a module in a process of its own, in the folder of the project, and returns what it printed. */
async function run(code: string, env: object): Promise<string> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  await once(child, "exit");
  return output;
}

const blobEndpoint = (connectionString = "") => /BlobEndpoint=([^;]+)/.exec(connectionString)?.[1] ?? "";

test("an app needs nothing but the settings", async () => {
  const azure = await startLocalAzure();
  try {
    azure.addRuntime(ALPHA);
    azure.addVault(VAULT);
    const output = await run(
      `import { DataFactoryManagementClient } from "@azure/arm-datafactory";
       import { DefaultAzureCredential } from "@azure/identity";
       import { SecretClient } from "@azure/keyvault-secrets";
       const credential = new DefaultAzureCredential();
       const [, , subscription] = process.env.RUNTIME.split("/");
       const { integrationRuntimes } = new DataFactoryManagementClient(credential, subscription);
       const { authKey2 } = await integrationRuntimes.listAuthKeys("rg", "contoso", "alpha");
       await new SecretClient("${VAULT}", credential).setSecret("alpha", authKey2);
       console.log("done");`,
      { ...azure.env, RUNTIME: ALPHA },
    );
    expect(output).toBe("done\n");
    expect(azure.latestVersion(VAULT, "alpha")?.value).toBe(azure.liveKeys(ALPHA).authKey2);
  } finally {
    await azure.stop();
  }
});

test("the storage account leases blobs to one at a time, and nothing is left of it after a stop", async () => {
  const azure = await startLocalAzure();
  const { AzureWebJobsStorage = "", HTTPS_PROXY, IDENTITY_ENDPOINT, NODE_EXTRA_CA_CERTS } = azure.env;
  const endpoints = [HTTPS_PROXY, IDENTITY_ENDPOINT, blobEndpoint(AzureWebJobsStorage)];
  try {
    const container = BlobServiceClient.fromConnectionString(AzureWebJobsStorage).getContainerClient("locks");
    await container.createIfNotExists();
    const blob = container.getBlockBlobClient("alpha");
    await blob.upload("", 0);
    const lease = blob.getBlobLeaseClient();
    await lease.acquireLease(60);
    await expect(blob.getBlobLeaseClient().acquireLease(60)).rejects.toMatchObject({
      statusCode: 409,
      code: "LeaseAlreadyPresent",
    });
    await lease.releaseLease();
    await blob.getBlobLeaseClient().acquireLease(60);
    for (const url of endpoints) {
      expect(new URL(url).hostname).toBe("127.0.0.1");
      expect(await listens(url)).toBe(true);
    }
  } finally {
    await azure.stop();
  }
  for (const url of endpoints) expect(await listens(url)).toBe(false);
  expect(existsSync(NODE_EXTRA_CA_CERTS)).toBe(false);
});

test("a stop does not wait for calls that hang", async () => {
  const azure = await startLocalAzure({ storage: false });
  azure.faults.inject({ operation: "token", fault: "stall" });
  const hanging = fetch(`${azure.env.IDENTITY_ENDPOINT}?resource=x`).then(
    () => "answered",
    () => "broken",
  );
  await expect.poll(() => azure.calls.length).toBe(1);
  await azure.stop();
  expect(await hanging).toBe("broken");
});

test("the storage account ends with its parent, also where that one is killed", async () => {
  const parent = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { startAzurite } from "./local/azure/azurite.ts";
       console.log((await startAzurite()).connectionString);`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [output] = await once(parent.stdout, "data");
  const endpoint = blobEndpoint(`${output}`);
  expect(await listens(endpoint)).toBe(true);
  parent.kill("SIGKILL");
  await expect.poll(() => listens(endpoint)).toBe(false);
});
