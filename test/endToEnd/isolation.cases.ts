import { describe, expect, test } from "vitest";
import { armErrors } from "../../local/azure/model/armErrors.ts";
import { vaultErrors } from "../../local/azure/model/vaultErrors.ts";
import { runtimeId } from "../support/service.ts";
import { ALPHA } from "../support/useService.ts";
import { given } from "./given.ts";

const BETA = runtimeId("beta");
const GAMMA = runtimeId("gamma", "fabrikam");

describe("of three runtimes one is bad, and the others have their turn", () => {
  test.each<[string, (context: ReturnType<typeof given>) => unknown, outcome: string]>([
    ["whose factory is gone", ({ azure }) => forget(azure.state.dataFactory), "blocked runtime-missing"],
    [
      "whose vault answers nothing but errors",
      ({ azure }) =>
        azure.faults.inject({
          operation: "getSecret",
          resource: "fabrikam-gamma",
          times: 99,
          fault: vaultErrors.unavailable(0),
        }),
      "failed unavailable",
    ],
    [
      "whose ARM answers are no JSON",
      ({ azure }) =>
        azure.faults.inject({ operation: "listAuthKeys", resource: GAMMA, times: 99, fault: "not-json" }),
      "failed unexpected-response",
    ],
    ["whose lease is held", ({ leases }) => leases.hold(GAMMA), "deferred locked"],
  ])("%s", async (_what, spoil, outcome) => {
    const { azure, adopted, vaultNames } = given();
    azure.addRuntime(BETA);
    azure.addRuntime(GAMMA);
    const app = await adopted(31 * 24, [GAMMA, ALPHA, BETA]);
    await spoil(given());
    const tick = await app.tick();
    expect(tick.outcomes.map((each) => `${each.outcome} ${each.reason}`)).toEqual([
      outcome,
      "rotated due",
      "rotated due",
    ]);
    expect([vaultNames(), vaultNames("contoso-beta", BETA)]).toEqual(["authKey2", "authKey2"]);
    // Told once every runtime had its turn; what comes back by itself is no failure.
    expect(tick.failure === undefined).toBe(outcome === "deferred locked");
  });
});

test("each runtime goes by its own vault, secret and times", async () => {
  const { azure, app, vaultNames } = given();
  azure.addVault("https://other.vault.azure.net");
  azure.addRuntime(BETA);
  const beta = { id: BETA, secretName: "beta", keyVaultUrl: "https://other.vault.azure.net" };
  const service = await app([ALPHA, { ...beta, rotateEvery: "P7D", overlap: "PT1H", validity: "P10D" }]);
  await service.tick();
  const version = azure.latestVersion("https://other.vault.azure.net", "beta");
  expect(version?.tags.ValidityPeriodDays).toBe("10");
  azure.clock.advance(8 * 86_400_000);
  expect((await service.tick()).summary).toMatchObject({ rotated: 1, kept: 1 });
  expect(vaultNames()).toBe("authKey1");
});

describe("throttling", () => {
  test("that asks for a second is waited out, whichever call it meets, but for the regenerate", async () => {
    const { azure, adopted, vaultNames } = given();
    azure.addRuntime(BETA);
    azure.addRuntime(GAMMA);
    const app = await adopted(31 * 24, [ALPHA, BETA, GAMMA]);
    azure.faults.inject({ operation: "listAuthKeys", resource: ALPHA, fault: armErrors.throttled(1) });
    azure.faults.inject({
      operation: "setSecret",
      resource: "contoso-beta",
      fault: vaultErrors.throttled(1),
    });
    azure.faults.inject({ operation: "regenerateAuthKey", resource: GAMMA, fault: armErrors.throttled(1) });
    const tick = await app.tick();
    expect(tick.outcomes.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      "rotated due",
      "rotated due",
      "failed throttled",
    ]);
    expect([vaultNames(), vaultNames("contoso-beta", BETA)]).toEqual(["authKey2", "authKey2"]);
  });

  test("that asks for an hour fails at once, with the runtime as it was", async () => {
    const { azure, adopted, vaultNames, minted, operations } = given();
    const app = await adopted(31 * 24);
    azure.faults.inject({ operation: "listAuthKeys", times: 99, fault: armErrors.throttled(3600) });
    expect((await app.tick()).outcomes).toMatchObject([{ outcome: "failed", reason: "throttled" }]);
    expect(operations()).toEqual(["getSecret", "getStatus", "getSecret", "listAuthKeys"]);
    expect([vaultNames(), minted()]).toEqual(["authKey1", [1, 1]]);
  });

  test("by ARM's own budget stops neither the timer nor a later run", async () => {
    const { azure, adopted, minted } = given();
    const app = await adopted(31 * 24);
    azure.state.budgets.limits.armWrites = { capacity: 3, refillPerSecond: 0.1, retryAfter: 1 };
    // The look at the nodes, the listing and the regenerate are within it; verifying is not.
    expect((await app.tick()).outcomes).toMatchObject([{ outcome: "failed", reason: "throttled" }]);
    azure.clock.advance(60_000);
    expect((await app.tick()).summary).toMatchObject({ kept: 1 });
    expect(minted()).toEqual([1, 2]);
  });
});

function forget(state: { runtimes: Record<string, unknown>; factories: Record<string, unknown> }): void {
  delete state.runtimes[GAMMA.toLowerCase()];
  for (const id of Object.keys(state.factories)) if (id.endsWith("/fabrikam")) delete state.factories[id];
}
