import { expect, test } from "vitest";
import { Pace } from "../../src/reconcile/pace.ts";
import { reconcile } from "../../src/reconcile/reconcile.ts";
import { World } from "../support/world.ts";

test("what a tick did not reach comes first in the next one of the same process", async () => {
  const world = new World();
  const runtimes = ["alpha", "beta", "gamma", "delta"].map((name) => world.addRuntime(name));
  const { clock, services } = world;
  const pace = new Pace(clock, 1);
  const tick = async () => {
    const told: string[] = [];
    const request = { kind: "timer", runtimes, named: false, dryRun: false } as const;
    await reconcile(request, services, {
      ...{ clock, pace, soakMs: 72_000_000 },
      onOutcome: ({ config, reason }) => told.push(`${config.id.name} ${reason}`),
    });
    return told;
  };
  expect(await tick()).toHaveLength(4);
  // The first that is looked at takes all of the time in which a tick does so.
  world.takes("listAuthKeys", 20 * 60_000);
  expect(await tick()).toEqual([
    "alpha not-due",
    "beta out-of-time",
    "gamma out-of-time",
    "delta out-of-time",
  ]);
  world.takes("listAuthKeys", 20 * 60_000);
  expect(await tick()).toEqual([
    "beta not-due",
    "gamma out-of-time",
    "delta out-of-time",
    "alpha out-of-time",
  ]);
  // Two of the three were left out twice.
  expect(await tick()).toEqual(["gamma not-due", "delta not-due", "alpha not-due", "beta not-due"]);
});
