import { describe, expect, test } from "vitest";
import type { Fault } from "../../local/azure/faults.ts";
import { armErrors } from "../../local/azure/model/armErrors.ts";
import { vaultErrors } from "../../local/azure/model/vaultErrors.ts";
import { armClients } from "../../src/azure/armClients.ts";
import { managedIdentity } from "../../src/azure/credential.ts";
import { connectDataFactory } from "../../src/azure/dataFactory.ts";
import { connectKeyVault } from "../../src/azure/keyVault.ts";
import { KeyValue } from "../../src/keyValue.ts";
import type { CallLimit } from "../../src/services.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { configOf } from "../support/runtime.ts";
import { unmetered } from "../support/unmetered.ts";

const azure = useLocalAzure();
const { id, vaultUrl, secretName } = configOf();

/** More than enough for a retry, on any machine. */
const ample: CallLimit = { timeoutMs: 90_000, attemptNeedsMs: 10_000 };

/** So little more than an attempt needs that no pause before a retry fits in. */
const scarce: CallLimit = { timeoutMs: 60_100, attemptNeedsMs: 60_000 };

/** A vault that meets with this; the app's client has asked for a secret before, so that it has a token. */
async function vaultWith(operation: "setSecret" | "updateSecret" | "getSecret", fault: Fault) {
  azure().addVault(vaultUrl);
  const vault = connectKeyVault(managedIdentity(undefined))(vaultUrl, secretName);
  await vault.getLatest(ample);
  azure().faults.inject({ operation, fault });
  const write = (limit: CallLimit) =>
    vault.addVersion({ value: new KeyValue("FAKE"), tags: {}, expiresOn: Date.now() + 86_400_000 }, limit);
  return { vault, write, sent: () => azure().calls.filter((call) => call.operation === operation).length };
}

describe("a write to the vault", () => {
  test("is sent again where the time that it needs is left then", async () => {
    const { write, sent } = await vaultWith("setSecret", vaultErrors.throttled(1));
    await write(ample);
    expect(sent()).toBe(2);
  });

  test("is not sent again at the end of a Retry-After that leaves less", async () => {
    const { write, sent } = await vaultWith("setSecret", vaultErrors.throttled(1));
    await expect(write(scarce)).rejects.toMatchObject({ reason: "throttled", status: 429 });
    expect(sent()).toBe(1);
  });

  test.for([
    ["a 500", vaultErrors.internal(), 500],
    ["a reset connection", "reset", undefined],
  ] as const)("is not sent again after %s, by whose pause less is left, and ends as that", async (row) => {
    const [, fault, status] = row;
    const { write, sent } = await vaultWith("setSecret", fault);
    await expect(write(scarce)).rejects.toMatchObject({ reason: "unavailable", status });
    expect(sent()).toBe(1);
  });

  test("is sent with the token that the vault's first answer asks for, however little is left", async () => {
    const { vault } = await vaultWith("setSecret", () => {});
    // A client that has not asked before: its first request is without a token and takes longer than is left.
    const fresh = connectKeyVault(managedIdentity(undefined))(vaultUrl, secretName);
    const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 150));
    azure().faults.inject({ operation: "challenge", fault: slow });
    const content = { value: new KeyValue("FAKE"), tags: {}, expiresOn: Date.now() + 86_400_000 };
    const version = await fresh.addVersion(content, scarce);
    expect((await vault.getLatest(ample)).secret).toMatchObject({ version });
  });

  test("is not sent again for tags either", async () => {
    const { vault, write, sent } = await vaultWith("updateSecret", vaultErrors.internal());
    const version = await write(ample);
    await expect(vault.setTags(version, {}, scarce)).rejects.toMatchObject({ status: 500 });
    expect(sent()).toBe(1);
  });
});

describe("the time that a service asks to wait", () => {
  // The header, and how long a call has: the SDKs follow all three of them, however long they are.
  test.for([
    ["retry-after", "3600"],
    ["retry-after", new Date(Date.now() + 3_600_000).toUTCString()],
    ["retry-after-ms", "3600000"],
    ["x-ms-retry-after-ms", "3600000"],
    ["x-ms-retry-after-ms", "3.6e6"],
  ] as const)("is beyond the call's in %s: %s, and ends it at once", async ([header, value]) => {
    azure().addRuntime(id.text);
    const factory = connectDataFactory(
      armClients("https://management.azure.com", managedIdentity(undefined), unmetered),
    )(id);
    await factory.kind(ample);
    for (const status of [429, 503]) {
      const fault = { status, headers: { [header]: value } };
      const injected = azure().faults.inject({ operation: "listAuthKeys", times: 9, fault });
      const start = performance.now();
      await expect(factory.list(ample)).rejects.toMatchObject({ reason: "throttled", status });
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(injected.hits).toBe(1);
      injected.remove();
    }
  });

  test("in milliseconds goes before the one in seconds, as the SDKs have it", async () => {
    azure().addRuntime(id.text);
    const headers = { "x-ms-retry-after-ms": "1", "retry-after": "3600" };
    azure().faults.inject({ operation: "listAuthKeys", fault: { status: 429, headers } });
    const factory = connectDataFactory(
      armClients("https://management.azure.com", managedIdentity(undefined), unmetered),
    )(id);
    await factory.list(ample);
    expect(azure().calls.filter(({ operation }) => operation === "listAuthKeys")).toHaveLength(2);
  });
});

test("a read is sent again as long as anything is left", async () => {
  const { vault, write, sent } = await vaultWith("getSecret", vaultErrors.internal());
  await write(ample);
  const before = sent();
  await vault.getLatest({ timeoutMs: 30_000 });
  expect(sent() - before).toBe(2);

  azure().addRuntime(id.text);
  azure().faults.inject({ operation: "listAuthKeys", fault: armErrors.internal() });
  const factory = connectDataFactory(
    armClients("https://management.azure.com", managedIdentity(undefined), unmetered),
  )(id);
  await factory.list({ timeoutMs: 30_000 });
  expect(azure().calls.filter(({ operation }) => operation === "listAuthKeys")).toHaveLength(2);
});
