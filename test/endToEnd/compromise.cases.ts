import { expect, test } from "vitest";
import { armErrors } from "../../local/azure/model/armErrors.ts";
import { regenerateAuthKey } from "../../local/azure/model/dataFactory.ts";
import { vaultErrors } from "../../local/azure/model/vaultErrors.ts";
import { ALPHA } from "../support/useService.ts";
import { given } from "./given.ts";

const COMPROMISED = { runtimes: ["alpha"], compromised: true };

test("a compromise regenerates both keys, whatever the overlap, for four ARM writes and with a warning", async () => {
  const { adopted, vaultNames, minted, armWrites, versions, latest } = given();
  const app = await adopted(1);
  const answer = await app.rotate(COMPROMISED);
  expect([answer.status, answer.body.runtimes[0]]).toMatchObject([
    200,
    {
      outcome: "rotated",
      reason: "compromised",
      publishedKey: "authKey2",
      version: latest().id,
      regenerates: ["authKey2", "authKey1"],
    },
  ]);
  expect([vaultNames(), minted(), armWrites()]).toEqual(["authKey2", [2, 2], 4]);
  expect(versions().map(({ enabled }) => enabled)).toEqual([false, true]);
  expect(answer.log.map(({ level }) => level)).toEqual(["warning", "information"]);
  expect((await app.tick()).summary).toMatchObject({ kept: 1 });
});

test("a dry run of it names both keys and does nothing", async () => {
  const { adopted, minted, operations } = given();
  const app = await adopted(1);
  const answer = await app.rotate({ ...COMPROMISED, dryRun: true });
  expect([answer.status, answer.body.runtimes[0]]).toMatchObject([
    200,
    { outcome: "would-rotate", reason: "compromised", regenerates: ["authKey2", "authKey1"] },
  ]);
  expect([operations(), minted()]).toEqual([
    ["getSecret", "listAuthKeys", "getStatus"],
    [1, 1],
  ]);
});

test("where the second half is cut short, the timer finishes it and touches no key that is named", async () => {
  const { azure, adopted, vaultNames, minted, latest, leases, armWrites, forget } = given();
  const app = await adopted(1);
  azure.faults.inject({ operation: "regenerateAuthKey", attempt: 2, fault: armErrors.internal() });
  const answer = await app.rotate(COMPROMISED);
  expect([answer.status, answer.body.runtimes[0]]).toMatchObject([
    502,
    { outcome: "failed", reason: "unavailable", publishedKey: "authKey2", regenerates: ["authKey2"] },
  ]);
  expect([vaultNames(), minted()]).toEqual(["authKey2", [1, 2]]);
  expect((await app.status()).body.runtimes[0]).toMatchObject({ state: "unfinished", reason: "compromised" });

  await leases.break(ALPHA);
  forget();
  const tick = await app.tick();
  expect(tick.outcomes).toMatchObject([{ outcome: "rotated", reason: "compromised" }]);
  expect(tick.log.map(({ level }) => level)).toEqual(["warning", "information"]);
  expect([vaultNames(), minted(), armWrites()]).toEqual(["authKey2", [2, 2], 2]);
  expect(latest().tags.RotationState).not.toContain("intent");
});

test("where it is cut short before it publishes, the timer publishes and then regenerates the other key", async () => {
  const { azure, adopted, vaultNames, minted } = given();
  const app = await adopted(1);
  azure.faults.inject({ operation: "setSecret", fault: vaultErrors.forbiddenByFirewall() });
  expect((await app.rotate(COMPROMISED)).status).toBe(502);
  expect([vaultNames(), minted()]).toEqual(["authKey1", [1, 2]]);
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "rotated", reason: "compromised" }]);
  expect([vaultNames(), minted()]).toEqual(["authKey2", [2, 2]]);
  expect((await app.tick()).summary).toMatchObject({ kept: 1 });
});

test("where it is cut short before the first regenerate, the timer does all of it", async () => {
  const { azure, adopted, vaultNames, minted, leases } = given();
  const app = await adopted(1);
  azure.faults.inject({ operation: "regenerateAuthKey", fault: "reset" });
  expect((await app.rotate(COMPROMISED)).status).toBe(502);
  expect(minted()).toEqual([1, 1]);
  await leases.break(ALPHA);
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "rotated", reason: "compromised" }]);
  expect([vaultNames(), minted()]).toEqual(["authKey2", [2, 2]]);
});

test("before any secret is there, it publishes, then regenerates both keys, for five ARM writes", async () => {
  const { app, vaultNames, minted, armWrites } = given();
  const answer = await (await app()).rotate(COMPROMISED);
  expect([answer.status, answer.body.runtimes[0].publishedKey]).toEqual([200, "authKey2"]);
  expect([vaultNames(), minted(), armWrites()]).toEqual(["authKey2", [2, 2], 5]);
});

test("after somebody's own regenerating, it repairs the vault, then regenerates both keys, for five ARM writes", async () => {
  const { azure, adopted, vaultNames, minted, armWrites } = given();
  const app = await adopted(1);
  regenerateAuthKey(azure.state.dataFactory, ALPHA, "authKey1", azure.clock.now());
  const answer = await app.rotate(COMPROMISED);
  expect([answer.status, answer.body.runtimes[0].regenerates]).toEqual([200, ["authKey2", "authKey1"]]);
  expect([vaultNames(), minted(), armWrites()]).toEqual(["authKey2", [3, 2], 5]);
});

test("it waits for a run that holds the lease, instead of giving up", async () => {
  const { azure, adopted, vaultNames, minted, leases } = given();
  const app = await adopted(1);
  const release = await leases.hold(ALPHA);
  const answer = app.rotate(COMPROMISED);
  await expect.poll(() => azure.calls.length).toBeGreaterThan(0);
  await release();
  expect((await answer).status).toBe(200);
  expect([vaultNames(), minted()]).toEqual(["authKey2", [2, 2]]);
});
