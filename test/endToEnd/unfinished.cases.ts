import { expect, test } from "vitest";
import { regenerateAuthKey } from "../../local/azure/model/dataFactory.ts";
import { vaultErrors } from "../../local/azure/model/vaultErrors.ts";
import { runtimeId } from "../support/service.ts";
import { ALPHA, DAY } from "../support/useService.ts";
import { given } from "./given.ts";

const BETA = runtimeId("beta");
const SET = "Microsoft.KeyVault/vaults/secrets/setSecret/action";
const UPDATE = "Microsoft.KeyVault/vaults/secrets/update/action";

test("a run that dies between regenerate and publish is finished by the next, which mints nothing", async () => {
  const { azure, adopted, vaultNames, minted, latest, armWrites, forget } = given();
  const app = await adopted(31 * 24);
  azure.faults.inject({ operation: "setSecret", fault: vaultErrors.forbiddenByFirewall() });
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "failed", reason: "access-denied" }]);
  expect([vaultNames(), minted()]).toEqual(["authKey1", [1, 2]]);
  expect((await app.status()).body.runtimes[0]).toMatchObject({
    state: "unfinished",
    reason: "unfinished-rotation",
    publishedKey: "authKey1",
  });

  forget();
  expect(await app.tick()).toMatchObject({
    failure: undefined,
    outcomes: [{ outcome: "published", reason: "unfinished-rotation" }],
  });
  expect([vaultNames(), minted(), armWrites()]).toEqual(["authKey2", [1, 2], 2]);
  expect(latest().tags.RotationState).not.toContain("intent");
  expect((await app.tick()).summary).toMatchObject({ kept: 1 });
});

test("a publish whose answer is lost is there when the next run looks, and is not done again", async () => {
  const { azure, adopted, vaultNames, minted, versions } = given();
  const app = await adopted(31 * 24);
  azure.faults.inject({ operation: "setSecret", when: "after", fault: "cut" });
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "failed" }]);
  expect([vaultNames(), minted(), versions().length]).toEqual(["authKey2", [1, 2], 2]);
  expect(await app.tick()).toMatchObject({ failure: undefined, summary: { kept: 1 } });
  expect([vaultNames(), minted(), versions().length]).toEqual(["authKey2", [1, 2], 2]);
});

test("a vault that takes updates but no new versions costs one regenerated key, however long it lasts", async () => {
  const { azure, adopted, vaultNames, minted } = given();
  const app = await adopted(31 * 24);
  azure.deny(SET);
  for (let day = 0; day < 4; day += 1) {
    expect((await app.tick()).outcomes).toMatchObject([{ outcome: "failed", reason: "access-denied" }]);
    azure.clock.advance(DAY);
  }
  expect([vaultNames(), minted()]).toEqual(["authKey1", [1, 2]]);
  azure.allow(SET);
  expect((await app.tick()).outcomes).toMatchObject([
    { outcome: "published", reason: "unfinished-rotation" },
  ]);
  expect([vaultNames(), minted()]).toEqual(["authKey2", [1, 2]]);
});

test("a vault that takes no update has nothing regenerated for it", async () => {
  const { azure, adopted, vaultNames, minted, operations } = given();
  const app = await adopted(31 * 24);
  azure.deny(UPDATE);
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "failed", reason: "access-denied" }]);
  expect(operations()).not.toContain("regenerateAuthKey");
  expect([vaultNames(), minted()]).toEqual(["authKey1", [1, 1]]);
});

test("neither has a secret with so many tags of others that ours would not fit beside them", async () => {
  const { adopted, vaultNames, minted, latest } = given();
  const app = await adopted(31 * 24);
  // Four tags are ours; Key Vault takes fifteen.
  for (let tag = 1; tag <= 11; tag += 1) latest().tags[`team-${tag}`] = "data";
  latest().tags.RotationState = "";
  latest().tags.oneTooMany = "data";
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "failed", reason: "unexpected-response" }]);
  expect([vaultNames(), minted()]).toEqual(["authKey1", [1, 1]]);

  delete latest().tags.oneTooMany;
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "rotated" }]);
  expect([vaultNames(), minted(), Object.keys(latest().tags).length]).toEqual(["authKey2", [1, 2], 15]);
});

test("a published key that somebody regenerates by hand is repaired by the next tick, and nothing is minted", async () => {
  const { azure, adopted, vaultNames, minted, versions, armWrites } = given();
  const app = await adopted(48);
  regenerateAuthKey(azure.state.dataFactory, ALPHA, "authKey1", azure.clock.now());
  expect(vaultNames()).toBe("dead key");
  expect((await app.status()).body.runtimes[0]).toMatchObject({ state: "drifted", publishedKey: null });
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "published", reason: "drift" }]);
  expect([vaultNames(), minted(), armWrites()]).toEqual(["authKey1", [2, 1], 4]);
  expect(versions().map(({ enabled }) => enabled)).toEqual([false, true]);
});

test("an alternate key that somebody regenerates by hand concerns nobody", async () => {
  const { azure, adopted, vaultNames, versions } = given();
  const app = await adopted(48);
  regenerateAuthKey(azure.state.dataFactory, ALPHA, "authKey2", azure.clock.now());
  expect((await app.tick()).summary).toMatchObject({ kept: 1 });
  expect([vaultNames(), versions().length]).toEqual(["authKey1", 1]);
});

test("another writer's dead value on top of a publish is repaired in the same run, if it comes only once", async () => {
  const { azure, adopted, vaultNames, versions, minted } = given();
  azure.addRuntime(BETA);
  const app = await adopted(31 * 24, [ALPHA, BETA]);
  for (const [name, times] of [
    ["alpha", 1],
    ["beta", 2],
  ] as const) {
    const value = azure.liveKeys(runtimeId(name)).authKey2;
    azure.faults.inject({
      operation: "setSecret",
      resource: `contoso-${name}`,
      when: "after",
      times,
      fault: ({ seq }) => {
        const all = versions(`contoso-${name}`);
        all.push({ ...all.at(-1)!, id: `${seq}`.padStart(32, "0"), value });
      },
    });
  }
  expect((await app.tick()).outcomes).toMatchObject([
    { outcome: "rotated", reason: "due" },
    { outcome: "failed", reason: "verification-failed" },
  ]);
  expect([vaultNames(), minted()]).toEqual(["authKey2", [1, 2]]);
  expect([vaultNames("contoso-beta", BETA), minted(BETA)]).toEqual(["dead key", [1, 2]]);
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "published", reason: "drift" }]);
});
