import { expect, test } from "vitest";
import { Fleet, told } from "../support/fleet.ts";

test("while a scope cannot be listed, rotations of a class begin one at a time, since what is there may be lost", async () => {
  const fleet = new Fleet();
  for (const name of ["ir-1", "ir-2", "ir-3", "ir-4"]) fleet.add(name);
  await fleet.tick();
  await fleet.ticksUntil(31);
  const scope = "/subscriptions/11111111-2222-3333-4444-555555555555/…/factories/*/integrationRuntimes/*";
  const failed = { scope, outcome: "failed", reason: "unavailable", message: "no answer" } as const;
  // The first is proved by now, so that three might go.
  const result = await fleet.at(32).run("timer", fleet.runtimes, { scopes: [failed] });
  expect(told(result)).toEqual({
    "ir-1": "kept not-due",
    "ir-2": "rotated due",
    "ir-3": "kept rollout",
    "ir-4": "kept rollout",
  });
});
