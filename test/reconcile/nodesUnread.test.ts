import { describe, expect, test } from "vitest";
import { regenerateAuthKey } from "../../local/azure/model/dataFactory.ts";
import { switchOff } from "../../local/azure/model/nodes.ts";
import { failsBefore } from "../support/faults.ts";
import { Fleet, told } from "../support/fleet.ts";
import { idOf } from "../support/runtime.ts";

async function adopted(...names: string[]): Promise<Fleet> {
  const fleet = new Fleet();
  for (const name of names) fleet.add(name);
  await fleet.tick();
  return fleet;
}

const refuse = (fleet: Fleet, status: number) => {
  fleet.around = async (operation, effect) =>
    operation === "getStatus" ? await failsBefore(status)(effect, operation) : effect();
};

describe("nodes that cannot be read keep nobody from repairing what the vault names", () => {
  test.for([403, 500])("of a runtime that is watched (%i)", async (status) => {
    const fleet = await adopted("ir-01");
    await fleet.ticksUntil(31);
    regenerateAuthKey(fleet.state.dataFactory, idOf("ir-01"), "authKey2", fleet.clock.wall());
    refuse(fleet, status);
    const { runtimes } = await fleet.ticksUntil(32);
    expect(runtimes[0]).toMatchObject({ outcome: "published", reason: "drift" });
    expect(runtimes[0]?.message).toContain("getStatus");
    expect(told(await fleet.ticksUntil(33))["ir-01"]).toMatch(/^failed/);
  });

  test.for(["timer", "on-demand"] as const)("of a runtime that is due (%s)", async (kind) => {
    const fleet = await adopted("ir-01");
    await fleet.ticksUntil(30);
    regenerateAuthKey(fleet.state.dataFactory, idOf("ir-01"), "authKey1", fleet.clock.wall());
    refuse(fleet, 500);
    const result = await fleet.at(31).run(kind, fleet.runtimes);
    expect(told(result)).toEqual({ "ir-01": "published drift" });
  });
});

describe("nodes that cannot be read keep nobody from finishing a compromise", () => {
  test.for([
    ["timer", 403],
    ["timer", 500],
    ["on-demand", 500],
  ] as const)("%s, %i", async ([kind, status]) => {
    const fleet = await adopted("ir-01");
    await fleet.ticksUntil(31);
    fleet.around = async (operation, effect) =>
      operation === "regenerateAuthKey" ? await failsBefore(400)(effect, operation) : effect();
    expect(await fleet.call("ir-01", "compromised")).toMatchObject({ outcome: "failed" });
    refuse(fleet, status);
    const { runtimes } = await fleet.at(32).run(kind, fleet.runtimes, { named: kind === "on-demand" });
    expect(runtimes[0]).toMatchObject({ outcome: "rotated", reason: "compromised" });
  });
});

test("nodes that a call for all may not read are asked for once, and that is told once", async () => {
  const fleet = await adopted("ir-01");
  refuse(fleet, 403);
  fleet.at(5);
  for (const dryRun of [true, false]) {
    fleet.calls.length = 0;
    const { runtimes } = await fleet.run("on-demand", fleet.runtimes, { dryRun });
    expect(runtimes[0]).toMatchObject({ outcome: "rotated", nodes: undefined });
    expect(runtimes[0]?.message.match(/its nodes are not watched/g)).toHaveLength(1);
    expect(fleet.calls.filter((call) => call === "getStatus")).toHaveLength(1);
  }
});

test("a call that may not read the nodes of a runtime which lost some does not hide that", async () => {
  const fleet = await adopted("ir-01");
  await fleet.ticksUntil(31);
  switchOff(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-1", fleet.clock.wall());
  await fleet.ticksUntil(33);
  const { note } = fleet.stateTag("ir-01");
  refuse(fleet, 403);
  expect(await fleet.call("ir-01")).toMatchObject({ outcome: "rotated" });
  expect(fleet.stateTag("ir-01")).toMatchObject({ note, n: 1 });
});

describe("an intent that came to nothing", () => {
  /** Rotated on day 31, and asked for on day 33 in vain. */
  async function inVain(): Promise<Fleet> {
    const fleet = await adopted("ir-01", "ir-02");
    await fleet.ticksUntil(31);
    fleet.around = async (operation, effect) =>
      operation === "regenerateAuthKey" ? await failsBefore(400)(effect, operation) : effect();
    fleet.at(31.5);
    await fleet.at(32.4).call("ir-01");
    expect(fleet.stateTag("ir-01").intent).toMatchObject({ kind: "rotate" });
    fleet.around = async (_, effect) => effect();
    return fleet;
  }

  test("leaves the runtime watched: a loss is found, told and written", async () => {
    const fleet = await inVain();
    switchOff(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-1", fleet.clock.wall());
    const result = await fleet.at(33).tick();
    expect(told(result)["ir-01"]).toBe("blocked nodes-lost");
    expect(fleet.stateTag("ir-01")).toMatchObject({ note: { 5: "lost" }, intent: { kind: "rotate" } });
  });

  test("and a proof as well", async () => {
    const fleet = await inVain();
    expect(told(await fleet.at(33).tick())["ir-01"]).toBe("kept not-due");
    expect(fleet.stateTag("ir-01")).toMatchObject({ note: { 5: "proved" }, intent: { kind: "rotate" } });
  });

  test("gives no place in a dry run that the run itself would not give", async () => {
    const fleet = await adopted("ir-01", "ir-02");
    fleet.around = async (operation, effect) =>
      operation === "regenerateAuthKey" ? await failsBefore(400)(effect, operation) : effect();
    fleet.at(3);
    for (const name of ["ir-01", "ir-02"]) await fleet.call(name);
    fleet.around = async (_, effect) => effect();
    const expected = { "ir-01": "rotated on-demand", "ir-02": "kept rollout" };
    expect(told(await fleet.run("on-demand", fleet.runtimes, { dryRun: true }))).toEqual(expected);
    expect(told(await fleet.run("on-demand", fleet.runtimes))).toEqual(expected);
  });
});

test("a runtime that is due at each tick proves by what its nodes show at this one", async () => {
  const fleet = new Fleet();
  const often = { rotateEvery: { text: "PT20H", ms: 72_000_000 }, overlap: { text: "PT10M", ms: 600_000 } };
  for (const name of ["ir-01", "ir-02", "ir-03"]) fleet.add(name, 2, often);
  await fleet.tick();
  expect(told(await fleet.at(1).tick())).toMatchObject({ "ir-01": "rotated due", "ir-02": "kept rollout" });
  fleet.sync("ir-01");
  expect(told(await fleet.at(2).tick())).toEqual({
    "ir-01": "rotated due",
    "ir-02": "rotated due",
    "ir-03": "rotated due",
  });
});

describe("a loss", () => {
  const lost = async (): Promise<Fleet> => {
    const fleet = new Fleet();
    fleet.add("ir-01", 4);
    await fleet.tick();
    await fleet.ticksUntil(31);
    for (const n of [1, 2, 3, 4]) {
      switchOff(fleet.state.dataFactory, idOf("ir-01"), `ir-01-node-${n}`, fleet.clock.wall());
    }
    return fleet;
  };

  test("names every node that is not online", async () => {
    const { runtimes } = await (await lost()).ticksUntil(32);
    for (const n of [1, 2, 3, 4]) expect(runtimes[0]?.message).toContain(`"ir-01-node-${n}" (Offline)`);
  });

  test("is told also where it cannot be written down", async () => {
    const fleet = await lost();
    fleet.around = async (operation, effect) =>
      operation === "setTags" || operation === "acquireLease"
        ? await failsBefore(403)(effect, operation)
        : effect();
    const { runtimes } = await fleet.ticksUntil(32);
    expect(runtimes[0]).toMatchObject({ outcome: "blocked", reason: "nodes-lost" });
    expect(runtimes[0]?.message).toContain("could not be written to the secret");
  });
});
