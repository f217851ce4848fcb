import { describe, expect, test } from "vitest";
import { ALPHA } from "../support/useService.ts";
import { given } from "./given.ts";

describe("while another run holds the lease", () => {
  test("the timer defers the runtime, lists no keys and does not fail", async () => {
    const { adopted, leases, operations, minted } = given();
    const app = await adopted(31 * 24);
    await leases.hold(ALPHA);
    const tick = await app.tick();
    expect(tick).toMatchObject({
      failure: undefined,
      outcomes: [{ outcome: "deferred", reason: "locked" }],
      log: [{ level: "information" }, { level: "information" }],
    });
    expect([operations(), minted()]).toEqual([
      ["getSecret", "getStatus"],
      [1, 1],
    ]);
  });

  test("a call is told to come back in a minute, when a dead run's lease is over", async () => {
    const { adopted, leases, minted, latest } = given();
    const app = await adopted(31 * 24);
    const release = await leases.hold(ALPHA);
    const answer = await app.rotate({ runtimes: ["*"] });
    expect([answer.status, answer.headers.get("retry-after"), answer.body.runtimes[0]]).toMatchObject([
      409,
      "60",
      { outcome: "deferred", reason: "locked", publishedKey: null, version: latest().id, regenerates: [] },
    ]);
    await release();
    expect((await app.rotate({ runtimes: ["*"] })).status).toBe(200);
    expect(minted()).toEqual([1, 2]);
  });

  test("an idle runtime, a dry run and the status do not care", async () => {
    const { adopted, leases } = given();
    const app = await adopted(48);
    await leases.hold(ALPHA);
    expect((await app.tick()).summary).toMatchObject({ kept: 1 });
    expect((await app.rotate({ dryRun: true })).body.runtimes[0].outcome).toBe("would-rotate");
    expect((await app.status()).body.runtimes[0].state).toBe("healthy");
  });
});

test("two instances and two triggers at once rotate once", async () => {
  const { adopted, app, minted, vaultNames } = given();
  const first = await adopted(31 * 24);
  const second = await app();
  const [tick, otherTick, call] = await Promise.all([
    first.tick(),
    second.tick(),
    second.rotate({ runtimes: ["*"] }),
  ]);
  const outcomes = [tick.outcomes[0]?.outcome, otherTick.outcomes[0]?.outcome, call.body.runtimes[0].outcome];
  expect(outcomes.filter((outcome) => outcome === "rotated")).toHaveLength(1);
  expect([minted(), vaultNames()]).toEqual([[1, 2], "authKey2"]);
});

test("a lease that is broken and taken by another run before the renewal stops the run, and nothing is minted", async () => {
  const { azure, adopted, leases, minted, vaultNames, operations } = given();
  const app = await adopted(31 * 24);
  azure.faults.inject({
    operation: "updateSecret",
    when: "after",
    fault: async () => {
      await leases.break(ALPHA);
      await leases.hold(ALPHA);
    },
  });
  expect(await app.tick()).toMatchObject({
    failure: undefined,
    outcomes: [{ outcome: "deferred", reason: "locked" }],
  });
  expect(operations()).not.toContain("regenerateAuthKey");
  expect([minted(), vaultNames()]).toEqual([[1, 1], "authKey1"]);
  // The lease of the other run is not given back by this one.
  expect(await leases.state(ALPHA)).toBe("leased");
  await leases.break(ALPHA);
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "rotated", reason: "due" }]);
});

test("an intent that another run has overwritten stops the run, and nothing is minted", async () => {
  const { azure, adopted, minted, latest } = given();
  const app = await adopted(31 * 24);
  azure.faults.inject({
    operation: "updateSecret",
    when: "after",
    fault: () => {
      const { tags } = latest();
      tags.RotationState = (tags.RotationState ?? "").replace(/"run":"[^"]+"/, '"run":"another"');
    },
  });
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "deferred", reason: "locked" }]);
  expect(minted()).toEqual([1, 1]);
});

test("one lease is one blob, named by the SHA-256 of the id in lower case, and free after the run", async () => {
  const { adopted, leases } = given();
  const app = await adopted(31 * 24, [ALPHA.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions")]);
  expect((await app.tick()).summary).toMatchObject({ rotated: 1 });
  expect(await leases.names()).toEqual(["2690ce3b3eb50cbfb378948e61c4b99db937f51a1dc57f2f1708f9b2cfcf8a05"]);
  expect(await leases.state(ALPHA)).toBe("available");
});

test("without the storage account idle runtimes are fine, and a due one fails before anything is minted", async () => {
  const { adopted, azure, minted } = given();
  const nowhere = (azure.env.AzureWebJobsStorage ?? "").replace(/127\.0\.0\.1:\d+/, "127.0.0.1:9");
  const app = await adopted(48, [ALPHA], { AzureWebJobsStorage: nowhere });
  expect((await app.tick()).summary).toMatchObject({ kept: 1 });
  azure.clock.advance(31 * 86_400_000);
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "failed", reason: "unavailable" }]);
  expect(minted()).toEqual([1, 1]);
});
