import { expect, test } from "vitest";
import { switchOff } from "../../local/azure/model/nodes.ts";
import { armClients } from "../../src/azure/armClients.ts";
import { managedIdentity } from "../../src/azure/credential.ts";
import { connectDataFactory } from "../../src/azure/dataFactory.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { configOf } from "../support/runtime.ts";
import { unmetered } from "../support/unmetered.ts";
import { AMPLE, failureOf } from "./operations.ts";

const azure = useLocalAzure();
const { id } = configOf();
const keys = () =>
  connectDataFactory(armClients("https://management.azure.com", managedIdentity(undefined), unmetered))(id);
const answered = (body: unknown) =>
  azure().faults.inject({
    operation: "getStatus",
    fault: { status: 200, body: JSON.stringify(body), headers: { "content-type": "application/json" } },
  });

test("the nodes of a runtime are told with their status and times, and one without any has an empty list", async () => {
  azure().clock.stop(Date.parse("2027-01-01T00:00:00Z"));
  azure().addRuntime(id.text);
  expect(await keys().nodes(AMPLE)).toEqual([]);
  const { authKey1 } = azure().liveKeys(id.text);
  azure().registerNode(id.text, "paris", authKey1);
  azure().clock.advance(3_600_000);
  azure().registerNode(id.text, "rome", authKey1);
  azure().clock.advance(3_600_000);
  switchOff(azure().state.dataFactory, id.text, "paris", azure().clock.now());
  azure().clock.advance(3_600_000);
  expect(await keys().nodes(AMPLE)).toEqual([
    {
      name: "paris",
      status: "Offline",
      version: "5.50.9000.1",
      registeredAt: Date.parse("2027-01-01T00:00:00Z"),
      lastConnectedAt: Date.parse("2027-01-01T02:00:00Z"),
    },
    {
      name: "rome",
      status: "Online",
      version: "5.50.9000.1",
      registeredAt: Date.parse("2027-01-01T01:00:00Z"),
      lastConnectedAt: expect.any(Number),
    },
  ]);
});

test.for([
  ["without a list", { dataFactoryName: "contoso", state: "NeedRegistration", type: "SelfHosted" }, []],
  ["with null for a list", { type: "SelfHosted", typeProperties: { nodes: null } }, []],
  [
    "with a node that never was there",
    {
      type: "SelfHosted",
      typeProperties: { nodes: [{ nodeName: "paris", status: "NeedRegistration", registerTime: null }] },
    },
    [
      {
        name: "paris",
        status: "NeedRegistration",
        version: undefined,
        registeredAt: undefined,
        lastConnectedAt: undefined,
      },
    ],
  ],
] as const)("a status %s is read as it is", async ([, properties, nodes]) => {
  azure().addRuntime(id.text);
  answered({ name: "alpha", properties });
  expect(await keys().nodes(AMPLE)).toEqual(nodes);
});

test.for([
  ["no status", {}],
  ["that of a managed one", { properties: { type: "Managed", typeProperties: { nodes: [] } } }],
  ["one with null for a node", { properties: { type: "SelfHosted", typeProperties: { nodes: [null] } } }],
  [
    "one with a node that has no name",
    { properties: { type: "SelfHosted", typeProperties: { nodes: [{ status: "Online" }] } } },
  ],
  [
    "one with a node that has no status",
    { properties: { type: "SelfHosted", typeProperties: { nodes: [{ nodeName: "a" }] } } },
  ],
  [
    "one with a time that is none",
    {
      properties: {
        type: "SelfHosted",
        typeProperties: { nodes: [{ nodeName: "a", status: "Online", registerTime: "soon" }] },
      },
    },
  ],
] as const)("%s is an answer that nothing is decided by", async ([, body]) => {
  azure().addRuntime(id.text);
  answered(body);
  expect(await failureOf(keys().nodes(AMPLE))).toMatchObject({ reason: "unexpected-response" });
});

test("a read that is refused names the permission, of which nobody knows whether it is read or action", async () => {
  azure().addRuntime(id.text);
  azure().deny("Microsoft.DataFactory/factories/integrationruntimes/getstatus/read");
  const error = await failureOf(keys().nodes(AMPLE));
  expect(error).toMatchObject({ reason: "access-denied", code: "AuthorizationFailed" });
  expect(error.message).toContain(
    "grant it Microsoft.DataFactory/factories/integrationruntimes/getstatus/* on the runtime",
  );
});
