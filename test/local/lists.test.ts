import { expect, test } from "vitest";
import { armErrors } from "../../local/azure/model/armErrors.ts";
import { armSpender } from "../../local/azure/model/budgets.ts";
import { NEEDS } from "../../local/azure/model/needs.ts";
import { PRINCIPAL } from "../../local/azure/model/tenant.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { ALPHA, collect, FACTORY, factories, failure, runtimes, SUBSCRIPTION } from "./clients.ts";

const local = useLocalAzure();
const OTHER = FACTORY.replace("/rg/", "/other/").replace("contoso", "fabrikam");
const runtime = (name: string) => `${FACTORY}/integrationRuntimes/${name}`;
const listed = async (items: AsyncIterable<{ name?: string }>) =>
  (await collect(items)).map((item) => item.name);
const bySubscription = (subscription?: string) => listed(factories(subscription).list());
const byFactory = () => listed(runtimes().listByFactory("rg", "contoso"));
const callsOf = (operation: string) => local().calls.filter((call) => call.operation === operation);

test("the SDK lists the factories of a subscription, and those of a resource group", async () => {
  local().clock.stop(Date.UTC(2026, 0, 1));
  local().addFactory(FACTORY);
  local().addRuntime(`${OTHER}/integrationRuntimes/alpha`);
  local().addFactory(FACTORY.replace(SUBSCRIPTION, "22222222-2222-2222-2222-222222222222"));
  expect(await bySubscription()).toEqual(["fabrikam", "contoso"]);
  expect(await collect(factories().listByResourceGroup("rg"))).toMatchObject([
    {
      id: FACTORY,
      name: "contoso",
      type: "Microsoft.DataFactory/factories",
      location: "westeurope",
      createTime: new Date("2026-01-01T00:00:00Z"),
    },
  ]);
});

test("a subscription without factories has an empty list, a group that is missing is a 404", async () => {
  local().addFactory(FACTORY);
  expect(await bySubscription("22222222-2222-2222-2222-222222222222")).toEqual([]);
  expect(await failure(collect(factories().listByResourceGroup("gone")))).toMatchObject({
    status: 404,
    code: "ResourceGroupNotFound",
  });
});

test("a list of runtimes tells of each what it is", async () => {
  local().addRuntime(ALPHA);
  local().addRuntime(runtime("linked"), { kind: "linked", linkedTo: ALPHA });
  local().addRuntime(runtime("managed"), { kind: "managed" });
  const found = await collect(runtimes().listByFactory("rg", "contoso"));
  expect(found.map(({ name, properties }) => [name, properties.type])).toEqual([
    ["alpha", "SelfHosted"],
    ["linked", "SelfHosted"],
    ["managed", "Managed"],
  ]);
  expect(found[0]?.properties).not.toHaveProperty("linkedInfo");
  expect(found[1]?.properties).toMatchObject({ linkedInfo: { resourceId: ALPHA } });
});

test("a long list comes in pages, each of which is a read", async () => {
  local().clock.stop();
  local().state.dataFactory.pageSize = 3;
  const names = ["r1", "r2", "r3", "r4", "r5", "r6", "r7"];
  for (const name of names) local().addRuntime(runtime(name));
  for (let n = 1; n < 6; n++) local().addFactory(`${OTHER}-${n}`);
  const pages: number[] = [];
  for await (const page of runtimes().listByFactory("rg", "contoso").byPage()) pages.push(page.length);
  expect(pages).toEqual([3, 3, 1]);
  expect(await byFactory()).toEqual(names);
  expect(await bySubscription()).toHaveLength(6);
  expect(callsOf("listFactories")).toHaveLength(2);
  expect(local().state.budgets.buckets).toMatchObject({
    [`armReads ${armSpender(SUBSCRIPTION, PRINCIPAL)}`]: { tokens: 250 - 8 },
  });
});

test("the last page may be full", async () => {
  local().state.dataFactory.pageSize = 2;
  for (const name of ["r1", "r2", "r3", "r4"]) local().addRuntime(runtime(name));
  expect(await byFactory()).toEqual(["r1", "r2", "r3", "r4"]);
  expect(callsOf("listByFactory")).toHaveLength(2);
});

test("what comes and goes between two pages hides no other", async () => {
  local().state.dataFactory.pageSize = 2;
  for (const name of ["r1", "r2", "r3", "r4"]) local().addRuntime(runtime(name));
  local().faults.inject({
    operation: "listByFactory",
    attempt: 2,
    fault: () => {
      local().removeRuntime(runtime("r1"));
      local().addRuntime(runtime("r0"));
    },
  });
  expect(await byFactory()).toEqual(["r1", "r2", "r3", "r4"]);
  expect(await byFactory()).toEqual(["r0", "r2", "r3", "r4"]);
});

test("a page in the middle can fail", async () => {
  local().state.dataFactory.pageSize = 1;
  for (const name of ["r1", "r2", "r3"]) local().addRuntime(runtime(name));
  local().faults.inject({ operation: "listByFactory", attempt: 2, fault: armErrors.unavailable() });
  const seen: (string | undefined)[] = [];
  const listing = async () => {
    for await (const { name } of runtimes().listByFactory("rg", "contoso")) seen.push(name);
  };
  expect((await failure(listing())).status).toBe(503);
  expect(seen).toEqual(["r1"]);
});

test("without the right, a list is empty, and a part that may not be read is left out of it", async () => {
  const right = NEEDS.listFactories.action;
  local().addRuntime(ALPHA);
  local().addRuntime(`${OTHER}/integrationRuntimes/alpha`);
  local().deny(right);
  expect(await bySubscription()).toEqual([]);
  expect(await listed(factories().listByResourceGroup("rg"))).toEqual([]);
  expect(await byFactory()).toEqual(["alpha"]);
  local().allow(right);
  local().deny(right, OTHER);
  expect(await bySubscription()).toEqual(["contoso"]);
  local().deny(NEEDS.listByFactory.action);
  expect(await byFactory()).toEqual([]);
});

test("where Azure refuses a list without the right, it names the action and the scope", async () => {
  local().state.dataFactory.unreadableLists = "refused";
  local().addRuntime(ALPHA);
  local().deny(NEEDS.listFactories.action);
  local().deny(NEEDS.listByFactory.action);
  expect(await failure(bySubscription())).toMatchObject({
    status: 403,
    message: expect.stringContaining(
      `action 'Microsoft.DataFactory/factories/read' over scope '/subscriptions/${SUBSCRIPTION}'`,
    ),
  });
  expect(await failure(byFactory())).toMatchObject({ status: 403, code: "AuthorizationFailed" });
});
