import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { findCanaries } from "../support/canaries.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { idOf, VAULT_URL } from "../support/runtime.ts";

const azure = useLocalAzure({ storage: true });

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** What a process prints that runs this behind a proxy, with the SDKs as talkative as they get. */
async function printed(args: readonly string[], settings: Record<string, string>): Promise<string> {
  const { AzureWebJobsStorage: _, ...env } = azure().env;
  const child = spawn(process.execPath, args, { env: { ...env, AZURE_LOG_LEVEL: "verbose", ...settings } });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece) => {
      text += piece;
    });

  const [code] = await once(child, "close");
  expect(code).toBe(0);
  return text;
}

/** What the SDKs print with every kind of call that the app makes. */
async function printedByCalls(settings: Record<string, string> = {}): Promise<string> {
  const runtimes = ["alpha", "beta", "gamma"].map(idOf);
  azure().addVault(VAULT_URL);
  for (const id of runtimes) azure().addRuntime(id);
  return await printed([pathOf("../support/verboseProcess.ts")], {
    KEY_VAULT_URL: VAULT_URL,
    RUNTIMES: JSON.stringify(runtimes),
    AzureWebJobsStorage__accountName: "contoso",
    ...settings,
  });
}

test("the SDKs print nothing by themselves", async () => {
  expect(await printedByCalls({ AZURE_LOG_LEVEL: "" })).toBe("");
});

test("with AZURE_LOG_LEVEL=verbose behind a proxy, no SDK prints a token or a key", async () => {
  const text = await printedByCalls();
  // Each of them has spoken.
  const hosts = ["management.azure.com", "contoso.vault.azure.net", "contoso.blob.core.windows.net"];
  expect(hosts.filter((host) => !text.includes(`"url": "https://${host}/`))).toEqual([]);
  expect(text.includes("azure:identity:")).toBe(true);
  expect(findCanaries(text)).toEqual([]);
  expect(text.includes(azure().env.IDENTITY_HEADER)).toBe(false);
});

test("nor the identity's own secret, where its endpoint is asked through the proxy as well", async () => {
  const code = `
    import { managedIdentity } from ${JSON.stringify(pathOf("../../src/azure/credential.ts"))};
    const { getToken } = managedIdentity(undefined);
    void getToken("https://first.example/.default");
    await getToken("https://second.example/.default").catch(() => {});
    process.exit();
  `;
  // The first is under way for good when the second is tried again, and logged, after it was answered with 502.
  azure().faults.inject({ operation: "unknown", fault: "stall" });
  const { HTTPS_PROXY } = azure().env;
  const text = await printed(["--input-type=module", "-e", code], { HTTP_PROXY: HTTPS_PROXY, NO_PROXY: "" });
  expect(text.match(/"url": "http:.*\/msi\/token/g)?.length).toBe(3);
  expect(text.includes(azure().env.IDENTITY_HEADER)).toBe(false);
});
