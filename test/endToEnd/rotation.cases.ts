import { expect, test } from "vitest";
import { ALPHA, ALPHA_SECRET, DAY } from "../support/useService.ts";
import { given } from "./given.ts";

test("first contact publishes authKey1 as it is, with tags and expiry, and regenerates nothing", async () => {
  const { app, vaultNames, latest, minted } = given();
  const tick = await (await app()).tick();
  expect(tick).toMatchObject({
    failure: undefined,
    outcomes: [
      {
        runtime: ALPHA,
        secret: ALPHA_SECRET,
        outcome: "published",
        reason: "first-contact",
        trigger: "timer",
      },
    ],
    summary: { rotated: 0, published: 1, kept: 0, deferred: 0, blocked: 0, failed: 0 },
  });
  expect(tick.outcomes[0]?.message).toContain("due 2027-01-31T00:00:00Z, regenerates authKey2");
  expect(vaultNames()).toBe("authKey1");
  expect(minted()).toEqual([1, 1]);
  expect(latest()).toMatchObject({
    contentType: "text/plain",
    enabled: true,
    created: Date.parse("2027-01-01T00:00:00Z") / 1000,
    expires: Date.parse("2027-03-02T00:00:00Z") / 1000,
    tags: { CredentialId: "authKey1", ProviderAddress: ALPHA, ValidityPeriodDays: "60" },
  });
});

test("over the months the keys alternate, the superseded one lives on and the dead ones are disabled", async () => {
  const { azure, app, vaultNames, versions, minted, lives } = given();
  const { tick } = await app();
  const names: string[] = [];
  for (let month = 0; month < 5; month += 1) {
    const { failure } = await tick();
    expect(failure).toBeUndefined();
    names.push(vaultNames());
    azure.clock.advance(31 * DAY);
  }
  expect(names).toEqual(["authKey1", "authKey2", "authKey1", "authKey2", "authKey1"]);
  expect(minted()).toEqual([3, 3]);
  expect(versions().map(({ enabled }) => enabled)).toEqual([false, false, false, true, true]);
  // Each value that the vault named died a month after it was superseded, and never before.
  expect(lives("authKey1").map(({ diedAt }) => diedAt && new Date(diedAt).toISOString())).toEqual([
    "2027-03-04T00:00:00.000Z",
    "2027-05-05T00:00:00.000Z",
    undefined,
  ]);
});

test("an idle tick costs one vault call and one ARM write, and takes no lease", async () => {
  const { adopted, operations, armWrites, forget, leases } = given();
  const app = await adopted(48);
  await leases.clear();
  expect(await app.tick()).toMatchObject({ outcomes: [], summary: { kept: 1 } });
  expect(operations()).toEqual(["getSecret", "listAuthKeys"]);
  expect(armWrites()).toBe(1);
  forget();
  const { log } = await app.tick();
  expect(log.map(({ level, text }) => [level, JSON.parse(text).event])).toEqual([
    ["information", "rotation.run"],
  ]);
  await expect(leases.state(ALPHA)).rejects.toMatchObject({ statusCode: 404 });
});

test("a rotation costs three ARM writes and a look at its nodes, in an order in which every step may be the last", async () => {
  const { adopted, operations, armWrites } = given();
  const app = await adopted(31 * 24);
  expect(await app.tick()).toMatchObject({ outcomes: [{ outcome: "rotated", reason: "due" }] });
  expect(operations()).toEqual([
    "getSecret", // shows that there is work
    "getStatus", // the nodes, before anything is done
    "getSecret", // again, under the lease
    "listAuthKeys",
    "updateSecret", // the intent
    "getSecret", // reads it back
    "regenerateAuthKey",
    "setSecret",
    "getSecret", // verifies
    "listAuthKeys",
    "listVersions", // retires
    "getSecretVersion",
  ]);
  expect(armWrites()).toBe(3);
});

test("a call rotates on demand, and tells which key is published and which was regenerated", async () => {
  const { adopted, vaultNames, latest } = given();
  const app = await adopted(25);
  const answer = await app.rotate({ runtimes: ["alpha"] });
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    dryRun: false,
    summary: { rotated: 1, published: 0, kept: 0, deferred: 0, blocked: 0, failed: 0 },
    runtimes: [
      {
        runtime: ALPHA,
        secret: ALPHA_SECRET,
        outcome: "rotated",
        reason: "on-demand",
        message: "authKey2 is regenerated and published on demand",
        publishedKey: "authKey2",
        version: latest().id,
        regenerates: ["authKey2"],
        nodes: [],
      },
    ],
  });
  expect(vaultNames()).toBe("authKey2");
});

test("a call within the overlap is refused until its very end, and regenerates nothing", async () => {
  const { azure, adopted, minted } = given();
  const app = await adopted(24);
  const early = await app.rotate({ runtimes: ["*"] });
  expect([early.status, early.body.runtimes[0].outcome, early.body.runtimes[0].reason]).toEqual([
    409,
    "blocked",
    "within-overlap",
  ]);
  expect(early.body.runtimes[0].message).toContain("it can be rotated from 2027-01-02T00:00:01Z on");
  expect(early.headers.get("retry-after")).toBeNull();
  expect(minted()).toEqual([1, 1]);
  azure.clock.advance(1000);
  expect((await app.rotate({ runtimes: ["*"] })).status).toBe(200);
});

test("what others tagged is carried over, and the secret of an older way of rotating is adopted as it is", async () => {
  const { azure, app, vaultNames, latest, minted, versions } = given();
  const { authKey2 } = azure.liveKeys(ALPHA);
  azure.state.keyVault.vaults["contoso.vault.azure.net"]!.secrets["contoso-alpha"] = {
    name: "contoso-alpha",
    deletedAt: undefined,
    versions: [
      {
        id: "0123456789abcdef0123456789abcdef",
        value: authKey2,
        contentType: undefined,
        tags: { team: "data", CredentialId: "secondary" },
        enabled: true,
        created: Date.parse("2025-01-01T00:00:00Z") / 1000,
        updated: Date.parse("2025-01-01T00:00:00Z") / 1000,
        expires: Date.parse("2025-06-01T00:00:00Z") / 1000,
        notBefore: undefined,
      },
    ],
  };
  const { tick } = await app();
  expect((await tick()).outcomes).toMatchObject([{ outcome: "published", reason: "first-contact" }]);
  expect(vaultNames()).toBe("authKey2");
  expect(minted()).toEqual([1, 1]);
  expect(latest().tags).toMatchObject({ team: "data", CredentialId: "authKey2", ProviderAddress: ALPHA });
  // Its value is live, so whoever reads that version by its id is not cut off.
  expect(versions().map(({ enabled }) => enabled)).toEqual([true, true]);
  azure.clock.advance(31 * DAY);
  await tick();
  expect(latest().tags).toMatchObject({ team: "data", CredentialId: "authKey1" });
});

test("a vault whose clock is moved months ahead rotates every runtime that is due then", async () => {
  const { azure, adopted, vaultNames } = given();
  const app = await adopted(1);
  azure.clock.advance(200 * DAY);
  expect(await app.tick()).toMatchObject({ outcomes: [{ outcome: "rotated", reason: "due" }] });
  expect(vaultNames()).toBe("authKey2");
  expect((await app.status()).body.runtimes[0]).toMatchObject({
    state: "healthy",
    publishedAt: "2027-07-20T01:00:00Z",
    dueAt: "2027-08-19T01:00:00Z",
    expiresAt: "2027-09-18T01:00:00Z",
  });
});
