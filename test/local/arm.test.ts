import { expect, test } from "vitest";
import { useLocalAzure } from "../support/localAzure.ts";
import { ALPHA, collect, FACTORY, failure, runtimes } from "./clients.ts";

const local = useLocalAzure();
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test("regenerating one key answers that key alone and leaves the other alive", async () => {
  local().addRuntime(ALPHA);
  const client = runtimes();
  const before = await client.listAuthKeys("rg", "contoso", "alpha");
  const answer = await client.regenerateAuthKey("rg", "contoso", "alpha", { keyName: "authKey2" });
  const after = await client.listAuthKeys("rg", "contoso", "alpha");
  expect(answer).toEqual({ authKey1: undefined, authKey2: expect.stringContaining("FAKE") });
  expect(after).toEqual({ authKey1: before.authKey1, authKey2: answer.authKey2 });
  expect(after).toEqual(local().liveKeys(ALPHA));
  expect(after.authKey2).not.toBe(before.authKey2);
});

test("a runtime comes back with its kind, and with an id in the service's own case", async () => {
  const azure = local();
  azure.addRuntime(ALPHA);
  azure.addRuntime(`${FACTORY}/integrationRuntimes/linked`, { kind: "linked", linkedTo: ALPHA });
  azure.addRuntime(`${FACTORY}/integrationRuntimes/managed`, { kind: "managed" });
  const alpha = await runtimes().get("rg", "contoso", "alpha");
  expect(alpha).toMatchObject({ name: "alpha", properties: { type: "SelfHosted" } });
  expect(alpha.id).toBe(`${FACTORY}/integrationruntimes/alpha`);
  expect(alpha.properties).not.toHaveProperty("linkedInfo");
  expect(await runtimes().get("rg", "contoso", "linked")).toMatchObject({
    properties: { type: "SelfHosted", linkedInfo: { authorizationType: "RBAC", resourceId: ALPHA } },
  });
  expect(await runtimes().get("rg", "contoso", "managed")).toMatchObject({ properties: { type: "Managed" } });
});

test("a listing by factory holds all its runtimes", async () => {
  local().addRuntime(ALPHA);
  local().addRuntime(`${FACTORY}/integrationRuntimes/beta`);
  const listed = await collect(runtimes().listByFactory("rg", "contoso"));
  expect(listed.map((runtime) => runtime.name)).toEqual(["alpha", "beta"]);
});

test("paths are compared without case", async () => {
  local().addRuntime(ALPHA);
  expect(await runtimes().listAuthKeys("RG", "Contoso", "ALPHA")).toEqual(local().liveKeys(ALPHA));
});

test("an answer carries the request's ids, the rest of the budget and the service's own time", async () => {
  local().addRuntime(ALPHA);
  local().clock.stop(Date.UTC(2027, 0, 31, 12));
  let headers: Record<string, string> = {};
  await runtimes().listAuthKeys("rg", "contoso", "alpha", {
    onResponse: (response) => {
      headers = response.headers.toJSON();
    },
  });
  expect(headers).toMatchObject({
    date: "Sun, 31 Jan 2027 12:00:00 GMT",
    "x-ms-request-id": expect.stringMatching(GUID),
    "x-ms-correlation-request-id": expect.stringMatching(GUID),
    "x-ms-ratelimit-remaining-subscription-writes": "199",
  });
});

test.each([
  ["runtime", "rg", "contoso", "NotFound", "The document could not be retrieved because it does not exist."],
  ["factory", "rg", "gone", "ResourceNotFound", "The Resource 'Microsoft.DataFactory/factories/gone' under"],
  ["group", "gone", "contoso", "ResourceGroupNotFound", "Resource group 'gone' could not be found."],
])("a missing %s is named by the 404", async (_what, group, factory, code, message) => {
  local().addRuntime(ALPHA);
  const error = await failure(runtimes().regenerateAuthKey(group, factory, "beta", { keyName: "authKey1" }));
  expect(error).toMatchObject({ status: 404, code, message: expect.stringContaining(message) });
  expect(error.headers).toHaveProperty("x-ms-ratelimit-remaining-subscription-writes");
});

test("managed and linked runtimes have no keys to list or regenerate", async () => {
  local().addRuntime(`${FACTORY}/integrationRuntimes/linked`, { kind: "linked", linkedTo: ALPHA });
  local().addRuntime(`${FACTORY}/integrationRuntimes/managed`, { kind: "managed" });
  const client = runtimes();
  for (const name of ["linked", "managed"]) {
    expect((await failure(client.listAuthKeys("rg", "contoso", name))).status).toBe(400);
    const regenerate = client.regenerateAuthKey("rg", "contoso", name, { keyName: "authKey1" });
    expect((await failure(regenerate)).status).toBe(400);
  }
});

test("where linked runtimes answer, they answer the keys of the one that they share", async () => {
  local().addRuntime(ALPHA);
  local().addRuntime(`${FACTORY}/integrationRuntimes/linked`, { kind: "linked", linkedTo: ALPHA });
  local().state.dataFactory.linkedKeys = "shared";
  expect(await runtimes().listAuthKeys("rg", "contoso", "linked")).toEqual(local().liveKeys(ALPHA));
});

test("where listings are stale, the values from before the regenerate come once more", async () => {
  local().addRuntime(ALPHA);
  local().state.dataFactory.staleListings = 1;
  const before = local().liveKeys(ALPHA);
  await runtimes().regenerateAuthKey("rg", "contoso", "alpha", { keyName: "authKey1" });
  expect(await runtimes().listAuthKeys("rg", "contoso", "alpha")).toEqual(before);
  expect(await runtimes().listAuthKeys("rg", "contoso", "alpha")).toEqual(local().liveKeys(ALPHA));
});

test("a key that is neither of the two is refused", async () => {
  local().addRuntime(ALPHA);
  const error = await failure(
    runtimes().regenerateAuthKey("rg", "contoso", "alpha", { keyName: "authKey3" }),
  );
  expect(error).toMatchObject({ status: 400, code: "BadRequest" });
});

test("every call is logged in order, with the right that it needed and whether it changed something", async () => {
  local().addRuntime(ALPHA);
  local().clock.stop(1_000_000);
  await runtimes().listAuthKeys("rg", "contoso", "alpha");
  await runtimes().regenerateAuthKey("rg", "contoso", "alpha", { keyName: "authKey1" });
  await failure(runtimes().get("rg", "contoso", "beta"));
  const right = "Microsoft.DataFactory/factories/integrationruntimes";
  const calls = local().calls.filter((call) => call.service === "arm");
  const common = { service: "arm", at: 1_000_000, resource: ALPHA };
  expect(calls).toMatchObject([
    {
      ...common,
      operation: "listAuthKeys",
      action: `${right}/listauthkeys/action`,
      effect: false,
      status: 200,
    },
    {
      ...common,
      operation: "regenerateAuthKey",
      action: `${right}/regenerateauthkey/action`,
      effect: true,
      status: 200,
    },
    {
      ...common,
      operation: "getRuntime",
      resource: ALPHA.replace("alpha", "beta"),
      action: `${right}/read`,
      effect: false,
      status: 404,
    },
  ]);
  expect(calls.map((call) => call.seq)).toEqual(calls.map((call) => call.seq).toSorted((a, b) => a - b));
});
