import { describe, expect, test } from "vitest";
import { switchOff } from "../../local/azure/model/nodes.ts";
import { failsBefore } from "../support/faults.ts";
import { Fleet, told } from "../support/fleet.ts";
import { idOf } from "../support/runtime.ts";

/** Three runtimes, of which the first was rotated on day 31 and the others are due. */
async function begun(): Promise<Fleet> {
  const fleet = new Fleet();
  for (const name of ["ir-01", "ir-02", "ir-03"]) fleet.add(name);
  await fleet.tick();
  await fleet.ticksUntil(31);
  return fleet;
}

/** The calls of one kind fail for the runtime that is looked at first, or as the nth. */
function failsFirst(fleet: Fleet, failing: "getStatus" | "listAuthKeys", status = 500, nth = 1): void {
  let calls = 0;
  fleet.around = async (operation, effect) => {
    if (operation !== failing) return effect();
    calls += 1;
    if (calls !== nth) return effect();
    return await failsBefore(status)(effect, operation);
  };
}

describe("a runtime whose nodes or keys cannot be read in a tick", () => {
  test.for(["getStatus", "listAuthKeys"] as const)(
    "still holds the place of its rotation, which nothing has proved: %s",
    async (failing) => {
      const fleet = await begun();
      failsFirst(fleet, failing);
      fleet.at(31.5);
      expect(told(await fleet.tick())).toEqual({
        "ir-01": "failed unavailable",
        "ir-02": "kept rollout",
        "ir-03": "kept rollout",
      });
    },
  );

  test.for(["getStatus", "listAuthKeys"] as const)(
    "still holds the others back if it lost nodes before: %s",
    async (failing) => {
      const fleet = await begun();
      switchOff(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-1", fleet.clock.wall());
      await fleet.ticksUntil(32);
      failsFirst(fleet, failing);
      expect(told(await fleet.ticksUntil(33))).toEqual({
        "ir-01": "failed unavailable",
        "ir-02": "kept braked",
        "ir-03": "kept braked",
      });
    },
  );

  test("takes no place where it is gone, which is told without a word of its nodes", async () => {
    const fleet = new Fleet();
    for (const name of ["ir-01", "ir-02", "ir-03", "ir-04", "ir-05"]) fleet.add(name);
    await fleet.tick();
    await fleet.ticksUntil(31);
    delete fleet.state.dataFactory.runtimes[idOf("ir-05").toLowerCase()];
    const { runtimes } = await fleet.ticksUntil(32);
    expect(runtimes.map(({ reason }) => reason)).toEqual(["not-due", "due", "due", "due", "runtime-missing"]);
    expect(runtimes[4]?.message).not.toContain("getStatus");
  });

  test("takes one place in each class, also where only its keys could not be listed", async () => {
    const fleet = new Fleet();
    for (const name of ["ir-01", "ir-02", "ir-03", "ir-04"]) fleet.add(name);
    await fleet.tick();
    await fleet.ticksUntil(20);
    fleet.add("young");
    await fleet.ticksUntil(31);
    // Three places by the first proof; the keys of the newcomer, which is not due, cannot be listed.
    failsFirst(fleet, "listAuthKeys", 500, 2);
    const result = told(await fleet.at(32).tick());
    expect(result).toMatchObject({
      young: "failed unavailable",
      "ir-02": "rotated due",
      "ir-03": "rotated due",
    });
    expect(result["ir-04"]).toBe("kept rollout");
  });
});
