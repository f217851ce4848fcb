import { describe, expect, test } from "vitest";
import { badGateway, type Fault } from "../../local/azure/faults.ts";
import { armErrors } from "../../local/azure/model/armErrors.ts";
import { connect } from "../../src/azure/connect.ts";
import { systemClock } from "../../src/clock.ts";
import { readConfig } from "../../src/config/config.ts";
import { Pace } from "../../src/reconcile/pace.ts";
import { reconcile } from "../../src/reconcile/reconcile.ts";
import type { RuntimeKeys, Services } from "../../src/services.ts";
import { runtimeId } from "../support/service.ts";
import { ALPHA } from "../support/useService.ts";
import { given } from "./given.ts";

const ANSWERS: Record<string, Fault> = {
  reset: "reset",
  cut: "cut",
  "500": armErrors.internal(),
  "html-502": badGateway,
  "503": armErrors.unavailable(),
  "later-503": armErrors.unavailable(3600),
  "504": armErrors.gatewayTimeout(),
  "408": { status: 408 },
  "202": { status: 202 },
  "204": { status: 204 },
  "empty-200": "empty200",
  "html-200": "not-json",
};

/** One runtime for each lost answer, due to be rotated, and what becomes of them in one tick. */
async function loseAnswers(when: "before" | "after") {
  const { azure, adopted, vaultNames, minted, armWrites, leases } = given();
  const runtimes = Object.keys(ANSWERS).map((name) => runtimeId(`ir-${name}`));
  for (const id of runtimes) azure.addRuntime(id);
  const app = await adopted(31 * 24, runtimes);
  for (const [name, fault] of Object.entries(ANSWERS)) {
    azure.faults.inject({ operation: "regenerateAuthKey", resource: `/ir-${name}`, when, fault });
  }
  const { outcomes } = await app.tick();
  const state = async (name: string) => {
    const { outcome, reason } = outcomes.find(({ runtime }) => runtime.endsWith(`/ir-${name}`)) ?? {};
    const id = runtimeId(`ir-${name}`);
    const named = vaultNames(`contoso-ir-${name}`, id);
    return [outcome, reason, named, ...minted(id), await leases.state(id)].join(" ");
  };
  const states = Object.keys(ANSWERS).map(async (name) => [name, await state(name)]);
  return { app, runtimes, armWrites: armWrites(), states: Object.fromEntries(await Promise.all(states)) };
}

describe("the answer to a regenerate is lost", () => {
  test("after its effect: the value is read back and published, for one more ARM write", async () => {
    const { states, armWrites } = await loseAnswers("after");
    // Where the effect might have come later still, the lease is left to run out.
    expect(states).toEqual({
      reset: "rotated due authKey2 1 2 leased",
      cut: "rotated due authKey2 1 2 leased",
      "500": "rotated due authKey2 1 2 available",
      "html-502": "rotated due authKey2 1 2 leased",
      "503": "rotated due authKey2 1 2 leased",
      "later-503": "rotated due authKey2 1 2 leased",
      "504": "rotated due authKey2 1 2 leased",
      "408": "rotated due authKey2 1 2 leased",
      "202": "rotated due authKey2 1 2 leased",
      "204": "rotated due authKey2 1 2 available",
      "empty-200": "rotated due authKey2 1 2 available",
      "html-200": "rotated due authKey2 1 2 available",
    });
    expect(armWrites).toBe(12 * 4);
  });

  test("before any effect: nothing is minted, and once the lease is over the next tick tries again", async () => {
    const { app, runtimes, states, armWrites } = await loseAnswers("before");
    expect(states).toEqual({
      reset: "failed unavailable authKey1 1 1 leased",
      cut: "failed unexpected-response authKey1 1 1 leased",
      "500": "failed unavailable authKey1 1 1 available",
      "html-502": "failed unavailable authKey1 1 1 leased",
      "503": "failed unavailable authKey1 1 1 leased",
      "later-503": "failed throttled authKey1 1 1 leased",
      "504": "failed unavailable authKey1 1 1 leased",
      "408": "failed unavailable authKey1 1 1 leased",
      "202": "failed unexpected-response authKey1 1 1 leased",
      "204": "failed unexpected-response authKey1 1 1 available",
      "empty-200": "failed unexpected-response authKey1 1 1 available",
      "html-200": "failed unexpected-response authKey1 1 1 available",
    });
    expect(armWrites).toBe(12 * 3);

    const { leases, minted } = given();
    await Promise.all(runtimes.map((id) => leases.break(id)));
    expect((await app.tick()).summary).toMatchObject({ rotated: 12 });
    expect(runtimes.map((id) => minted(id).join(" "))).toEqual(runtimes.map(() => "1 2"));
  });

  test("and so is that of the listing after it: the next run publishes what it finds, without another", async () => {
    const { azure, adopted, vaultNames, minted, leases, forget, armWrites } = given();
    const app = await adopted(31 * 24);
    azure.faults.inject({ operation: "regenerateAuthKey", when: "after", fault: "reset" });
    azure.faults.inject({ operation: "listAuthKeys", attempt: 2, times: 2, fault: "reset" });
    expect((await app.tick()).outcomes).toMatchObject([{ outcome: "failed", reason: "unavailable" }]);
    expect([vaultNames(), minted()]).toEqual(["authKey1", [1, 2]]);
    expect((await app.tick()).outcomes).toMatchObject([{ outcome: "deferred", reason: "locked" }]);
    expect((await app.status()).body.runtimes[0]).toMatchObject({ state: "unfinished" });

    await leases.break(ALPHA);
    forget();
    expect((await app.tick()).outcomes).toMatchObject([
      { outcome: "published", reason: "unfinished-rotation" },
    ]);
    expect([vaultNames(), minted(), armWrites()]).toEqual(["authKey2", [1, 2], 2]);
  });

  test.each([
    ["after its effect", "after", "rotated", "due", "authKey2", [1, 2]],
    ["before any effect", "before", "failed", "unavailable", "authKey1", [1, 1]],
  ] as const)(
    "to silence %s: the call is given up and the keys are read",
    async (_what, when, outcome, reason, key, minted) => {
      const { azure, adopted, vaultNames, minted: mintedNow, leases } = given();
      await adopted(31 * 24);
      azure.faults.inject({ operation: "regenerateAuthKey", when, fault: "stall" });
      const config = readConfig(process.env);
      const run = { kind: "timer", runtimes: config.runtimes, named: false, dryRun: false } as const;
      const options = { clock: systemClock, pace: new Pace(systemClock, 1), soakMs: 72_000_000 };
      const { runtimes } = await reconcile(run, impatient(connect(config, options.pace)), options);
      expect(runtimes).toMatchObject([{ outcome, reason }]);
      expect([vaultNames(), mintedNow(), await leases.state(ALPHA)]).toEqual([key, minted, "leased"]);
    },
  );
});

test("a listing that the service answers late shows a dead value, and is not believed", async () => {
  const { azure, adopted, vaultNames, minted } = given();
  const app = await adopted(31 * 24);
  // What it answers after a regenerate is not documented; here the first listing shows the values from before.
  azure.state.dataFactory.staleListings = 1;
  expect(await app.tick()).toMatchObject({ outcomes: [{ outcome: "rotated", reason: "due" }] });
  expect([vaultNames(), minted()]).toEqual(["authKey2", [1, 2]]);
});

/** Services that give a regenerate 200 ms instead of 15 s. */
function impatient(services: Services): Services {
  return {
    ...services,
    runtimeKeys: (id) => {
      const real = services.runtimeKeys(id);
      const regenerate: RuntimeKeys["regenerate"] = (key) => real.regenerate(key, { timeoutMs: 200 });
      return { ...real, regenerate };
    },
  };
}
