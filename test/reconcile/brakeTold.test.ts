import { describe, expect, test } from "vitest";
import { switchOff } from "../../local/azure/model/nodes.ts";
import type { RequestKind } from "../../src/plan/runRequest.ts";
import { failsBefore } from "../support/faults.ts";
import { Fleet } from "../support/fleet.ts";
import { idOf } from "../support/runtime.ts";

const BRAKE = /held back because rotations of the same kind took nodes of contoso\/ir-01 offline/;

/** The first runtime lost a node by its rotation on day 31, which is known since day 32; one does not take part. */
async function braked(): Promise<Fleet> {
  const fleet = new Fleet();
  for (const name of ["ir-01", "ir-02", "ir-03"]) fleet.add(name);
  fleet.add("ignored", 2, { nodes: "ignore" });
  await fleet.tick();
  await fleet.ticksUntil(31);
  switchOff(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-1", fleet.clock.wall());
  await fleet.ticksUntil(32);
  fleet.calls.length = 0;
  return fleet;
}

const named = (fleet: Fleet, kind: RequestKind, dryRun: boolean, ...names: string[]) => {
  const runtimes = fleet.runtimes.filter(({ id }) => names.includes(id.name));
  return fleet.run(kind, runtimes, { named: true, dryRun });
};

describe("a call that names a runtime whose rotation is braked", () => {
  test.for([
    ["on-demand", false],
    ["on-demand", true],
    ["compromised", false],
  ] as const)("rotates it and tells of the brake (%s, dry run: %s)", async ([kind, dryRun]) => {
    const fleet = await braked();
    const { runtimes } = await named(fleet, kind, dryRun, "ir-02");
    expect(runtimes[0]).toMatchObject({ outcome: "rotated", message: expect.stringMatching(BRAKE) });
  });

  test("tells it also where the runtime that lost its nodes is named beside it", async () => {
    const fleet = await braked();
    const { runtimes } = await named(fleet, "on-demand", true, "ir-01", "ir-02");
    expect(runtimes[1]?.message).toMatch(BRAKE);
  });

  test("reads no more for that than the secrets of those that take part, and no key", async () => {
    const fleet = await braked();
    await named(fleet, "on-demand", true, "ir-02");
    expect(fleet.calls.toSorted()).toEqual([
      ...["getLatest", "getLatest", "getLatest", "getLatest"],
      ...["getStatus", "listAuthKeys"],
    ]);
  });

  test("says nothing where there is no brake: of another class, or where nobody watches the nodes", async () => {
    const fleet = await braked();
    for (const name of ["ir-01", "ignored"]) {
      const { runtimes } = await named(fleet.at(34), "on-demand", true, name);
      expect(runtimes[0]).toMatchObject({ outcome: "rotated", message: expect.not.stringMatching(BRAKE) });
    }
  });

  test("is rotated although the others cannot be read", async () => {
    const fleet = await braked();
    let seen = 0;
    fleet.around = async (operation, effect) => {
      if (operation !== "getLatest") return effect();
      seen += 1;
      return seen <= 3 ? await failsBefore(403)(effect, operation) : effect();
    };
    const { runtimes } = await named(fleet, "on-demand", false, "ir-02");
    expect(runtimes[0]).toMatchObject({ outcome: "rotated", message: expect.not.stringMatching(BRAKE) });
  });
});

test("a call in an estate of one runtime asks nobody else", async () => {
  const fleet = new Fleet();
  fleet.add("ir-01");
  await fleet.tick();
  fleet.at(5).calls.length = 0;
  await named(fleet, "on-demand", true, "ir-01");
  expect(fleet.calls).toEqual(["getLatest", "listAuthKeys", "getStatus"]);
});
