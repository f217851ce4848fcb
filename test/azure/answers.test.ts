import { expect, test } from "vitest";
import { armClients } from "../../src/azure/armClients.ts";
import { managedIdentity } from "../../src/azure/credential.ts";
import { connectDataFactory } from "../../src/azure/dataFactory.ts";
import { connectKeyVault } from "../../src/azure/keyVault.ts";
import { connectRuntimeSource } from "../../src/azure/runtimeSource.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { configOf } from "../support/runtime.ts";
import { unmetered } from "../support/unmetered.ts";

const azure = useLocalAzure();
const { id, vaultUrl, secretName } = configOf();
const limit = { timeoutMs: 20_000 };

/** A success with this in its body. */
const answer = (body: unknown) => ({
  status: 200,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" },
});

test("a runtime of a kind that nobody knows is an answer that nothing is decided by", async () => {
  azure().addRuntime(id.text);
  const fault = answer({ name: id.name, properties: { type: "Quantum" } });
  azure().faults.inject({ operation: "getRuntime", fault });
  const factory = connectDataFactory(
    armClients("https://management.azure.com", managedIdentity(undefined), unmetered),
  )(id);
  await expect(factory.kind(limit)).rejects.toMatchObject({
    reason: "unexpected-response",
    message: expect.stringContaining("neither SelfHosted nor Managed"),
  });
});

test.for([
  ["value", { id: `${vaultUrl}/secrets/${secretName}/0a`, attributes: { enabled: true, created: 1 } }],
  ["creation", { id: `${vaultUrl}/secrets/${secretName}/0a`, value: "FAKE", attributes: { enabled: true } }],
])("a secret without its %s is an answer that nothing is decided by", async ([, body]) => {
  azure().addVault(vaultUrl);
  azure().faults.inject({ operation: "getSecret", fault: answer(body) });
  const vault = connectKeyVault(managedIdentity(undefined))(vaultUrl, secretName);
  await expect(vault.getLatest(limit)).rejects.toMatchObject({
    reason: "unexpected-response",
    message: expect.stringContaining("a field is missing that Key Vault always sends"),
  });
});

test.for([
  ["listFactories", { value: [null] }],
  ["listFactories", { value: null }],
  ["listByFactory", { value: ["alpha"] }],
  ["listByFactory", {}],
] as const)("a list that is none is no empty list: %s, %j", async ([operation, body]) => {
  azure().addRuntime(id.text);
  azure().faults.inject({ operation, fault: answer(body) });
  const armUrl = "https://management.azure.com";
  const source = connectRuntimeSource(armUrl, armClients(armUrl, managedIdentity(undefined), unmetered));
  const { provider, subscriptionId, resourceGroup } = id;
  const scope = { provider, subscriptionId, resourceGroup, factory: undefined };
  expect(await source.list(scope, async () => limit)).toMatchObject({
    runtimes: [],
    failures: [{ reason: "unexpected-response", operation }],
  });
});
