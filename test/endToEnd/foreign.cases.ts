import { expect, test } from "vitest";
import { foreign } from "../../local/azure/faults.ts";
import { armErrors } from "../../local/azure/model/armErrors.ts";
import { ALPHA } from "../support/useService.ts";
import { given } from "./given.ts";

const REGENERATE = "Microsoft.DataFactory/factories/integrationruntimes/regenerateauthkey/action";

test("a proxy that answers 404 for the vault is no first contact: a declared compromise stays declared", async () => {
  const { azure, adopted, latest, minted, vaultNames } = given();
  const app = await adopted(31 * 24);
  // The first key is regenerated and published; the right is gone before the second.
  azure.faults.inject({ operation: "regenerateAuthKey", when: "after", fault: () => azure.deny(REGENERATE) });
  await app.rotate({ runtimes: [ALPHA], compromised: true });
  azure.allow(REGENERATE);
  const before = structuredClone(latest());
  expect([before.tags.RotationState?.includes("kill"), minted(), vaultNames()]).toEqual([
    true,
    [1, 2],
    "authKey2",
  ]);

  for (const body of ["html", "empty"] as const) {
    const fault = azure.faults.inject({ operation: "getSecret", times: 9, fault: foreign(404, body) });
    const [outcome] = (await app.tick()).outcomes;
    expect(outcome).toMatchObject({ outcome: "failed", reason: "unexpected-response" });
    expect(outcome?.message).toContain("probably from a proxy");
    fault.remove();
    expect([latest(), minted()]).toEqual([before, [1, 2]]);
  }
  // And so it is finished as soon as the vault itself answers.
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "rotated", reason: "compromised" }]);
  expect([vaultNames(), minted()]).toEqual(["authKey2", [2, 2]]);
});

test.for(["html", "empty"] as const)(
  "a proxy that answers 404 for ARM with %s takes no runtime away",
  async (body) => {
    const { azure, adopted, minted } = given();
    const app = await adopted(31 * 24);
    azure.faults.inject({ operation: "listAuthKeys", times: 9, fault: foreign(404, body) });
    expect((await app.tick()).outcomes).toMatchObject([{ outcome: "failed", reason: "unexpected-response" }]);
    expect(minted()).toEqual([1, 1]);
  },
);

test("where a proxy keeps back the answer to a regenerate, the key is read back and published", async () => {
  const { azure, adopted, minted, vaultNames } = given();
  const app = await adopted(31 * 24);
  azure.faults.inject({ operation: "regenerateAuthKey", when: "after", fault: foreign(403) });
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "rotated", reason: "due" }]);
  expect([minted(), vaultNames()]).toEqual([[1, 2], "authKey2"]);
});

test.for(["listAuthKeys", "regenerateAuthKey"] as const)(
  "a read-only lock that %s meets is told as one",
  async (operation) => {
    const { azure, adopted, minted } = given();
    const app = await adopted(31 * 24);
    azure.faults.inject({ operation, times: 9, fault: armErrors.scopeLocked(ALPHA) });
    const [outcome] = (await app.tick()).outcomes;
    expect(outcome).toMatchObject({ outcome: "failed", reason: "access-denied" });
    expect(outcome?.message).toMatch(
      /read-only lock.*\("The scope '.*' cannot perform write operation.*whoever owns the lock/,
    );
    expect(minted()).toEqual([1, 1]);
  },
);
