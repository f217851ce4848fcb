import { describe, expect, test } from "vitest";
import { foreign } from "../../local/azure/faults.ts";
import { runtimeId, SUBSCRIPTION, VAULT } from "../support/service.ts";
import { ALPHA } from "../support/useService.ts";
import { given } from "./given.ts";

const IN_SUBSCRIPTION = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.DataFactory/factories/*/integrationRuntimes/*`;
const IN_GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.DataFactory/factories/*/integrationRuntimes/*`;
const IN_FACTORY = IN_GROUP.replace("factories/*", "factories/contoso");
const BETA = runtimeId("beta");
const OTHER = runtimeId("gamma", "fabrikam");

const names = (outcomes: readonly { runtime: string; outcome: string }[]) =>
  outcomes.map(({ runtime, outcome }) => `${runtime.split("/").at(-1)} ${outcome}`).toSorted();

test.each([
  ["a factory", IN_FACTORY, ["alpha published", "beta published"]],
  ["a resource group", IN_GROUP, ["alpha published", "beta published", "gamma published"]],
  ["a subscription", IN_SUBSCRIPTION, ["alpha published", "beta published", "gamma published"]],
])("a pattern stands for every self-hosted runtime of %s, over all pages", async (_, pattern, found) => {
  const { azure, app } = given();
  for (const id of [BETA, OTHER]) azure.addRuntime(id);
  azure.addRuntime(runtimeId("managed"), { kind: "managed" });
  azure.addRuntime(runtimeId("linked"), { kind: "linked" });
  azure.state.dataFactory.pageSize = 1;
  const service = await app([pattern]);
  const tick = await service.tick();
  expect(tick.failure).toBeUndefined();
  expect(names(tick.outcomes)).toEqual(found);
  expect((await service.status()).body.runtimes.map(({ state }: { state: string }) => state)).toEqual(
    found.map(() => "healthy"),
  );
});

test("a runtime that comes is adopted by the next run, and one that goes is missed by nobody", async () => {
  const { azure, app } = given();
  const service = await app([IN_FACTORY]);
  await service.tick();
  azure.addRuntime(BETA);
  expect(names((await service.tick()).outcomes)).toEqual(["beta published"]);
  azure.removeRuntime(ALPHA);
  const { summary, failure } = await service.tick();
  expect([summary.kept, failure]).toEqual([1, undefined]);
});

test("an entry of its own comes before a pattern, the first pattern before the next, and exceptions are left out", async () => {
  const { azure, app } = given();
  for (const id of [BETA, OTHER]) azure.addRuntime(id);
  const service = await app([
    { id: ALPHA, secretName: "own" },
    { id: IN_FACTORY, validity: "P45D", except: ["nobody"] },
    { id: IN_GROUP, except: ["gamma"] },
  ]);
  const tick = await service.tick();
  expect(tick.outcomes.map(({ secret }) => secret.split("/").at(-1)).toSorted()).toEqual([
    "contoso-beta",
    "own",
  ]);
  expect(azure.latestVersion(VAULT, "contoso-beta")?.tags.ValidityPeriodDays).toBe("45");
  expect(tick.log.filter(({ text }) => text.includes("rotation.discovery"))).toEqual([
    {
      level: "warning",
      text: `{"event":"rotation.discovery","trigger":"timer","scope":"${IN_FACTORY}","outcome":"warning","message":"except: \\"nobody\\" matches no runtime of this scope"}`,
    },
  ]);
  expect(tick.failure).toBeUndefined();
});

describe("a scope that cannot be listed", () => {
  test.each([
    [
      "that is refused",
      { status: 403, body: '{"error":{"code":"AuthorizationFailed","message":"no"}}' },
      "access-denied",
    ],
    ["that a proxy answers for", foreign(200), "unexpected-response"],
    ["that is down", { status: 503 }, "unavailable"],
  ] as const)("%s fails the tick and costs only what it would have found", async (_, fault, reason) => {
    const { azure, app } = given();
    azure.addRuntime(BETA);
    azure.faults.inject({ operation: "listByFactory", times: 9, fault: fault as never });
    const service = await app([ALPHA, IN_FACTORY]);
    const tick = await service.tick();
    expect(names(tick.outcomes)).toEqual(["alpha published"]);
    expect(tick.failure).toContain("1 scopes could not be listed");
    const lines = tick.log.map(({ level, text }) => ({ level, ...JSON.parse(text) }));
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: "error",
        event: "rotation.discovery",
        scope: IN_FACTORY,
        outcome: "failed",
        reason,
      }),
    );
    const answer = await service.rotate({ dryRun: true });
    expect([answer.status, answer.body.scopes]).toMatchObject([207, [{ scope: IN_FACTORY, reason }]]);
  });

  test("in the middle of its pages keeps what was found", async () => {
    const { azure, app } = given();
    azure.addRuntime(BETA);
    azure.state.dataFactory.pageSize = 1;
    azure.faults.inject({ operation: "listByFactory", attempt: 2, fault: foreign(200, "empty") as never });
    const service = await app([IN_FACTORY]);
    const tick = await service.tick();
    expect(names(tick.outcomes)).toEqual(["alpha published"]);
    expect(tick.failure).toContain(IN_FACTORY);
  });

  test("and so is one in which nothing is found, because Azure shows nothing where a right is missing", async () => {
    const { azure, app } = given();
    azure.deny("Microsoft.DataFactory/factories/integrationruntimes/read");
    const tick = await (await app([IN_FACTORY])).tick();
    expect(tick.log[0]?.text).toMatch(/"reason":"unexpected-response".*nothing was found/);
    expect(tick.failure).toBeDefined();
  });
});

describe("runtimes that come to the same secret", () => {
  const [one, two] = [runtimeId("b-c", "aaa"), runtimeId("c", "aaa-b")] as const;

  test("are blocked, all of them, while there is no secret, and nothing is written", async () => {
    const { azure, app } = given();
    azure.removeRuntime(ALPHA);
    for (const id of [runtimeId("ccc", "aaa-bbb"), runtimeId("bbb-ccc", "aaa")]) azure.addRuntime(id);
    const tick = await (await app([IN_GROUP])).tick();
    expect(tick.outcomes.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      "blocked secret-not-ours",
      "blocked secret-not-ours",
    ]);
    expect(azure.latestVersion(VAULT, "aaa-bbb-ccc")).toBeUndefined();
    expect([one, two]).toHaveLength(2);
  });

  test("leave it to the one that the secret names", async () => {
    const { azure, app, adopted } = given();
    azure.removeRuntime(ALPHA);
    const [first, second] = [runtimeId("ccc", "aaa-bbb"), runtimeId("bbb-ccc", "aaa")];
    azure.addRuntime(first);
    await adopted(25, [first]);
    azure.addRuntime(second);
    const { outcomes, summary } = await (await app([IN_GROUP])).tick();
    expect(summary).toMatchObject({ kept: 1, blocked: 1 });
    expect(outcomes).toMatchObject([{ runtime: second, reason: "secret-not-ours" }]);
  });
});

describe("a call", () => {
  test("takes an id that a pattern covers, in any case, without looking for others", async () => {
    const { app, adopted, operations } = given();
    await adopted(49);
    const service = await app([IN_SUBSCRIPTION.toUpperCase().replace("/PROVIDERS", "/providers")]);
    const { status, body } = await service.rotate({ runtimes: [ALPHA.toLowerCase()] });
    expect([status, body.summary.rotated]).toEqual([200, 1]);
    expect(operations().filter((operation) => operation.startsWith("list"))).not.toContain("listFactories");
  });

  test("finds a name that only one of all has, says which it could be, and knows no other", async () => {
    const { azure, app, adopted } = given();
    await adopted(49);
    azure.addRuntime(runtimeId("beta", "fabrikam"));
    azure.addRuntime(BETA);
    const service = await app([IN_GROUP]);
    expect((await service.rotate({ runtimes: ["alpha"] })).body.summary).toMatchObject({ rotated: 1 });
    const ambiguous = await service.rotate({ runtimes: ["beta"] });
    expect([ambiguous.status, ambiguous.body.problems[0]]).toEqual([
      400,
      expect.stringContaining("could be several runtimes"),
    ]);
    expect((await service.rotate({ runtimes: ["omega"] })).status).toBe(404);
  });

  test("of a dry run lists what would be adopted", async () => {
    const { azure, app } = given();
    azure.addRuntime(BETA);
    const { body } = await (await app([IN_SUBSCRIPTION])).rotate({ dryRun: true });
    expect(
      body.runtimes.map(({ outcome, reason }: Record<string, string>) => `${outcome} ${reason}`),
    ).toEqual(["would-publish first-contact", "would-publish first-contact"]);
  });
});
