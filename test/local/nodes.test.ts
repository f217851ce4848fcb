import { expect, test } from "vitest";
import { armErrors } from "../../local/azure/model/armErrors.ts";
import { regenerateAuthKey } from "../../local/azure/model/dataFactory.ts";
import { NEEDS } from "../../local/azure/model/needs.ts";
import { giveKey } from "../../local/azure/model/nodes.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { ALPHA, FACTORY, failure, runtimes } from "./clients.ts";

const local = useLocalAzure();
const getStatus = (name = "alpha") => runtimes().getStatus("rg", "contoso", name);

test("the SDK reads the state of a runtime and each of its nodes", async () => {
  local().clock.stop(Date.UTC(2026, 0, 1));
  local().addRuntime(ALPHA);
  local().clock.advance(3_600_000);
  local().registerNode(ALPHA, "BERLIN-01", local().liveKeys(ALPHA).authKey1);
  local().clock.advance(3_600_000);
  const status = await getStatus();
  expect(status).toMatchObject({
    name: "alpha",
    properties: {
      type: "SelfHosted",
      dataFactoryName: "contoso",
      state: "Online",
      createTime: new Date("2026-01-01T00:00:00Z"),
      version: expect.stringMatching(/^5\.\d+\.\d+\.\d+$/),
      autoUpdate: "On",
      links: [],
    },
  });
  expect(status.properties).toHaveProperty("nodes", [
    expect.objectContaining({
      nodeName: "BERLIN-01",
      machineName: "BERLIN-01",
      status: "Online",
      version: expect.stringMatching(/^5\.\d+\.\d+\.\d+$/),
      registerTime: new Date("2026-01-01T01:00:00Z"),
      lastConnectTime: new Date("2026-01-01T02:00:00Z"),
      capabilities: expect.objectContaining({ serviceBusConnected: "True" }),
    }),
  ]);
});

test("a node whose key was regenerated shows as offline, and comes back with the new one", async () => {
  const { state, clock } = local();
  local().addRuntime(ALPHA);
  local().registerNode(ALPHA, "n1", local().liveKeys(ALPHA).authKey2);
  await runtimes().regenerateAuthKey("rg", "contoso", "alpha", { keyName: "authKey2" });
  expect((await getStatus()).properties).toMatchObject({ state: "Offline", nodes: [{ status: "Offline" }] });
  giveKey(state.dataFactory, ALPHA, "n1", local().liveKeys(ALPHA).authKey2, clock.now());
  expect((await getStatus()).properties).toMatchObject({ state: "Online", nodes: [{ status: "Online" }] });
});

test("a runtime without a node needs one, a managed one is online, a linked one shows what it shares", async () => {
  const azure = local();
  azure.addRuntime(ALPHA);
  azure.addRuntime(`${FACTORY}/integrationRuntimes/linked`, { kind: "linked", linkedTo: ALPHA });
  azure.addRuntime(`${FACTORY}/integrationRuntimes/managed`, { kind: "managed" });
  expect((await getStatus()).properties).toMatchObject({ state: "NeedRegistration", nodes: [] });
  azure.registerNode(ALPHA, "n1", azure.liveKeys(ALPHA).authKey1);
  expect((await getStatus("linked")).properties).toMatchObject({ nodes: [{ nodeName: "n1" }] });
  expect((await getStatus("managed")).properties).toMatchObject({ type: "Managed", state: "Online" });
});

test("the status of a runtime that is missing is ARM's own 404", async () => {
  local().addRuntime(ALPHA);
  expect(await failure(getStatus("beta"))).toMatchObject({ status: 404, code: "NotFound" });
});

test("the status needs a right of its own, which a role can give by a wildcard", async () => {
  const right = "Microsoft.DataFactory/factories/integrationruntimes/getstatus";
  local().addRuntime(ALPHA);
  for (const denied of [`${right}/read`, `${right}/*`]) {
    local().deny(denied);
    expect(await failure(getStatus())).toMatchObject({
      status: 403,
      code: "AuthorizationFailed",
      message: expect.stringContaining(`action '${NEEDS.getStatus.action}'`),
    });
    await runtimes().listAuthKeys("rg", "contoso", "alpha");
    local().allow(denied);
    await getStatus();
  }
});

test("asking for the status spends ARM's writes", async () => {
  local().addRuntime(ALPHA);
  local().clock.stop();
  local().state.budgets.limits.armWrites.capacity = 1;
  await getStatus();
  expect((await failure(getStatus())).message).toContain("Number of 'write' requests");
});

test("a fault hits the status like every other call, and changes nothing", async () => {
  local().addRuntime(ALPHA);
  local().faults.inject({ operation: "getStatus", fault: armErrors.internal() });
  expect(await failure(getStatus())).toMatchObject({ status: 500, code: "InternalServerError" });
  await getStatus();
  expect(local().calls.filter((call) => call.operation === "getStatus")).toMatchObject([
    { resource: ALPHA, status: 500, effect: false },
    { resource: ALPHA, status: 200, effect: false },
  ]);
});

test("a node that uses its key only to register does not notice a regeneration", async () => {
  local().addRuntime(ALPHA);
  local().state.dataFactory.nodeWorld.keyUse = "registration";
  local().registerNode(ALPHA, "n1", local().liveKeys(ALPHA).authKey1);
  regenerateAuthKey(local().state.dataFactory, ALPHA, "authKey1", local().clock.now());
  expect((await getStatus()).properties).toMatchObject({ nodes: [{ status: "Online" }] });
});
