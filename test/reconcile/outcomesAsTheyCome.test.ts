import { expect, test } from "vitest";
import type { RuntimeOutcome } from "../../src/reconcile/outcome.ts";
import { Pace } from "../../src/reconcile/pace.ts";
import { reconcile } from "../../src/reconcile/reconcile.ts";
import { World } from "../support/world.ts";

test("each outcome is told as soon as it is known: a host that is torn down at the third of three loses none of two", async () => {
  const world = new World().publishedAt("2026-01-01T00:00:00Z").at("2026-03-01T00:00:00Z");
  const runtimes = [world.config, world.addRuntime("beta"), world.addRuntime("gamma")];
  const torn = Promise.withResolvers<undefined>();
  world.once(
    "acquireLease",
    () => {
      torn.resolve(undefined);
      return new Promise(() => {}) as never;
    },
    3, // Its rotation comes after all that is adopted.
  );
  const told: string[] = [];
  const onOutcome = ({ config, outcome }: RuntimeOutcome) => void told.push(`${config.id.name} ${outcome}`);
  const request = { kind: "timer", runtimes, named: false, dryRun: false } as const;
  void reconcile(request, world.services, {
    clock: world.clock,
    pace: new Pace(world.clock, 1),
    soakMs: 72_000_000,
    onOutcome,
  });
  await torn.promise;
  expect(told).toEqual(["beta published", "gamma published"]);
});
