import { describe, expect, test } from "vitest";
import { runtimeId } from "../support/service.ts";
import { ALPHA } from "../support/useService.ts";
import { given } from "./given.ts";

const BETA = runtimeId("beta");
const NONE = { rotated: 0, published: 0, kept: 0, deferred: 0, blocked: 0, failed: 0 };
const UPDATE = "Microsoft.KeyVault/vaults/secrets/update/action";

type Context = ReturnType<typeof given>;
const deny = (name: string) => (context: Context) =>
  context.azure.deny(UPDATE, `https://contoso.vault.azure.net/secrets/contoso-${name}`);
const hold = (id: string) => (context: Context) => context.leases.hold(id);
const deleteRuntime = (id: string) => (context: Context) =>
  delete context.azure.state.dataFactory.runtimes[id.toLowerCase()];

// What befalls the two runtimes, both past their overlap; the answer's status, its summary and Retry-After.
test.each<[string, ((context: Context) => unknown)[], number, object, string | null]>([
  ["200 where both are rotated", [], 200, { rotated: 2 }, null],
  ["409 where both are deferred", [hold(ALPHA), hold(BETA)], 409, { deferred: 2 }, "60"],
  [
    "409 where one is deferred and one is blocked",
    [hold(ALPHA), deleteRuntime(BETA)],
    409,
    { deferred: 1, blocked: 1 },
    "60",
  ],
  [
    "409 without Retry-After where both are blocked",
    [deleteRuntime(ALPHA), deleteRuntime(BETA)],
    409,
    { blocked: 2 },
    null,
  ],
  ["502 where both fail", [deny("alpha"), deny("beta")], 502, { failed: 2 }, null],
  ["207 where one is rotated and one is deferred", [hold(BETA)], 207, { rotated: 1, deferred: 1 }, "60"],
  [
    "207 where one is rotated and one is blocked",
    [deleteRuntime(BETA)],
    207,
    { rotated: 1, blocked: 1 },
    null,
  ],
  ["207 where one is rotated and one fails", [deny("beta")], 207, { rotated: 1, failed: 1 }, null],
  [
    "207 where one is deferred and one fails",
    [hold(ALPHA), deny("beta")],
    207,
    { deferred: 1, failed: 1 },
    "60",
  ],
])("the answer is %s", async (_what, befalls, status, summary, retryAfter) => {
  const { azure, adopted } = given();
  azure.addRuntime(BETA);
  const app = await adopted(25, [ALPHA, BETA]);
  for (const each of befalls) await each(given());
  const answer = await app.rotate({ runtimes: ["*"] });
  expect(answer.status).toBe(status);
  expect(answer.body.dryRun).toBe(false);
  expect(answer.body.summary).toEqual({ ...NONE, ...summary });
  expect(answer.headers.get("retry-after")).toBe(retryAfter);
  const run = answer.log.at(-1)?.text ?? "";
  expect(JSON.parse(run)).toMatchObject({
    event: "rotation.run",
    trigger: "http",
    summary: answer.body.summary,
  });
});

describe("a dry run", () => {
  test("says what would be done and which keys would die, and neither changes nor locks anything", async () => {
    const { azure, adopted, operations, leases } = given();
    azure.addRuntime(BETA);
    const app = await adopted(25, [ALPHA], { RUNTIMES: JSON.stringify([ALPHA, BETA]) });
    const before = structuredClone([azure.state.keyVault, azure.state.dataFactory]);
    const answer = await app.rotate({ dryRun: true });
    expect([answer.status, answer.body]).toMatchObject([
      200,
      {
        dryRun: true,
        summary: { ...NONE, rotated: 1, published: 1 },
        runtimes: [
          {
            outcome: "would-rotate",
            reason: "on-demand",
            publishedKey: "authKey1",
            regenerates: ["authKey2"],
          },
          {
            outcome: "would-publish",
            reason: "first-contact",
            publishedKey: null,
            version: null,
            regenerates: [],
          },
        ],
      },
    ]);
    expect(answer.body.runtimes[1].message).toContain("if the secret turns out to be soft-deleted");
    expect([azure.state.keyVault, azure.state.dataFactory]).toEqual(before);
    expect(operations().sort()).toEqual([
      "getRuntime",
      "getSecret",
      "getSecret",
      "getStatus",
      "listAuthKeys",
      "listAuthKeys",
    ]);
    await expect(leases.state(ALPHA)).rejects.toMatchObject({ statusCode: 404 });
    expect(answer.log.map(({ text }) => JSON.parse(text).dryRun)).toEqual([true, true, true]);
  });

  test("is refused within the overlap like the call itself", async () => {
    const { adopted } = given();
    const answer = await (await adopted(23)).rotate({ dryRun: true });
    expect([answer.status, answer.body.runtimes[0]]).toMatchObject([
      409,
      { outcome: "blocked", reason: "within-overlap", publishedKey: "authKey1", regenerates: [] },
    ]);
  });
});

test("whoever names a runtime is told that rotations of the same kind took nodes of another one offline", async () => {
  const { azure, adopted, latest } = given();
  azure.addRuntime(BETA);
  const app = await adopted(48, [ALPHA, BETA]);
  const lost = [2, 0, 1_798_761_600, "authKey2", 0, "lost"];
  latest().tags.RotationState = JSON.stringify({ v: 1, n: 0, note: lost });
  const { body } = await app.rotate({ runtimes: ["beta"], dryRun: true });
  expect(body.runtimes[0]).toMatchObject({
    outcome: "would-rotate",
    message: expect.stringContaining("took nodes of contoso/alpha offline"),
  });
});
