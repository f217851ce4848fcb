import { describe, expect, test } from "vitest";
import { registerNode, removeNode, switchOff } from "../../local/azure/model/nodes.ts";
import { failsBefore } from "../support/faults.ts";
import { Fleet, told } from "../support/fleet.ts";
import { idOf } from "../support/runtime.ts";

const VAULT = "contoso.vault.azure.net";

async function fleetOf(count: number, nodes = 2): Promise<Fleet> {
  const fleet = new Fleet();
  for (let n = 1; n <= count; n += 1) fleet.add(`ir-${String(n).padStart(2, "0")}`, nodes);
  await fleet.tick();
  return fleet;
}

/** The node is off from now on. */
function off(fleet: Fleet, name: string, node = `${name}-node-1`): void {
  switchOff(fleet.state.dataFactory, idOf(name), node, fleet.clock.wall());
}

function latest(fleet: Fleet, name: string) {
  return fleet.state.keyVault.vaults[VAULT]?.secrets[`contoso-${name}`]?.versions.at(-1);
}

function nodesCannotBeRead(fleet: Fleet, status: number): void {
  fleet.around = async (operation, effect) =>
    operation === "getStatus" ? await failsBefore(status)(effect, operation) : effect();
}

describe("what proves a rotation", () => {
  test("not a node that registered after it", async () => {
    const fleet = await fleetOf(2, 1);
    await fleet.ticksUntil(31);
    removeNode(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-1");
    const value = fleet.published("ir-01") ?? "";
    registerNode(fleet.state.dataFactory, idOf("ir-01"), "new", value, fleet.clock.wall() + 1000);
    expect(told(await fleet.ticksUntil(33))).toEqual({ "ir-01": "kept not-due", "ir-02": "kept rollout" });
    // Undecided for three days, and then it holds up nobody.
    expect(told(await fleet.ticksUntil(34))).toMatchObject({ "ir-02": "rotated due" });
    expect(fleet.stateTag("ir-01").note).toMatchObject({ 5: null });
  });

  test("nothing that is seen only after three days", async () => {
    const fleet = await fleetOf(1);
    await fleet.ticksUntil(31);
    await fleet.at(35).tick();
    expect(fleet.stateTag("ir-01").note).toMatchObject({ 5: null });
  });

  test("where no node was online, it is undecided until its soak is over", async () => {
    const fleet = await fleetOf(2);
    for (const node of ["ir-01-node-1", "ir-01-node-2"]) off(fleet, "ir-01", node);
    expect(told(await fleet.ticksUntil(31))).toMatchObject({ "ir-01": "rotated due" });
    expect(told(await fleet.ticksUntil(32))).toEqual({ "ir-01": "kept not-due", "ir-02": "rotated due" });
    expect(fleet.stateTag("ir-01").note).toMatchObject({ 0: 0, 1: 2, 5: null });
  });
});

describe("the brake", () => {
  test("bears one loss for ten that are proved, and holds with one more", async () => {
    const fleet = await fleetOf(24);
    await fleet.ticksUntil(33);
    for (const name of ["ir-01", "ir-02"]) off(fleet, name);
    // 16 were rotated: two are lost, and 14 proved.
    expect(told(await fleet.ticksUntil(34))).toMatchObject({ "ir-24": "kept braked" });
    const other = await fleetOf(24);
    await other.ticksUntil(33);
    off(other, "ir-01");
    expect(told(await other.ticksUntil(34))).toMatchObject({ "ir-24": "rotated due" });
  });
});

describe("a note", () => {
  test("is made anew where a lost runtime is due again", async () => {
    const fleet = await fleetOf(1);
    await fleet.ticksUntil(31);
    off(fleet, "ir-01");
    await fleet.ticksUntil(62);
    const at = fleet.clock.wall() / 1000;
    expect(fleet.stateTag("ir-01").note).toEqual([1, 1, at, "authKey1", 1, null]);
  });

  test("holds again where a runtime is watched again that was ignored meanwhile", async () => {
    const fleet = await fleetOf(1);
    await fleet.ticksUntil(31);
    off(fleet, "ir-01");
    await fleet.ticksUntil(32);
    const config = fleet.runtimes[0]!;
    fleet.runtimes[0] = { ...config, nodes: "ignore" };
    expect(told(await fleet.ticksUntil(33))).toEqual({ "ir-01": "kept not-due" });
    fleet.runtimes[0] = config;
    expect(told(await fleet.ticksUntil(34))).toEqual({ "ir-01": "blocked nodes-lost" });
  });

  test("is taken from the intent by a call that finishes what a tick began", async () => {
    const fleet = await fleetOf(1);
    await fleet.ticksUntil(30);
    fleet.around = async (operation, effect) =>
      operation === "addVersion" ? await failsBefore(500)(effect, operation) : effect();
    await fleet.ticksUntil(31);
    const at = fleet.clock.wall() / 1000;
    fleet.around = async (_, effect) => effect();
    // A lease is not given back where a write may still take effect.
    expect(await fleet.at(31.1).call("ir-01")).toMatchObject({ reason: "unfinished-rotation" });
    expect(fleet.stateTag("ir-01")).toMatchObject({ note: [2, 0, at, "authKey2", 0, null], n: 0 });
  });

  test("of a loss is not overwritten by what a run saw before that was written", async () => {
    const fleet = await fleetOf(1);
    await fleet.ticksUntil(31);
    fleet.around = async (operation, effect) => {
      const version = latest(fleet, "ir-01");
      if (operation === "acquireLease" && version) {
        const { note, ...state } = fleet.stateTag("ir-01") as { note: unknown[] };
        version.tags.RotationState = JSON.stringify({ ...state, note: note.with(5, "lost") });
      }
      return effect();
    };
    await fleet.ticksUntil(32);
    expect(fleet.stateTag("ir-01").note).toMatchObject({ 5: "lost" });
  });
});

describe("nodes that cannot be read", () => {
  test.for([403, 500])("keep a watched runtime from being called healthy (%i)", async (status) => {
    const fleet = await fleetOf(1);
    await fleet.ticksUntil(31);
    nodesCannotBeRead(fleet, status);
    const reason = status === 403 ? "access-denied" : "unavailable";
    expect(told(await fleet.ticksUntil(32))).toEqual({ "ir-01": `failed ${reason}` });
  });
});

test("a secret that does not say how often its runtime was rotated counts as one that never was", async () => {
  const fleet = await fleetOf(1);
  const version = latest(fleet, "ir-01");
  if (version) version.tags = { ...version.tags, RotationState: '{"v":1,"reason":"due"}' };
  await fleet.ticksUntil(31);
  expect(fleet.stateTag("ir-01")).toMatchObject({ n: 0, note: { 4: 0 } });
});

describe("the nodes of a runtime that is paused and due", () => {
  test("are not asked for, because no rotation begins that would note them", async () => {
    const fleet = new Fleet();
    fleet.add("ir-01", 2, { paused: true });
    await fleet.tick();
    fleet.at(30);
    for (const _ of [1, 2]) {
      fleet.calls.length = 0;
      expect(told(await fleet.ticksUntil(fleet.day + 1))).toEqual({ "ir-01": "kept paused" });
      // What an idle tick costs.
      expect(fleet.calls).toEqual(["getLatest", "listAuthKeys"]);
    }
  });

  test("are looked at as long as the rotation before is watched", async () => {
    const fleet = new Fleet();
    fleet.add("ir-01", 2);
    await fleet.tick();
    await fleet.ticksUntil(31);
    fleet.runtimes[0] = { ...fleet.runtimes[0]!, paused: true };
    off(fleet, "ir-01");
    await fleet.ticksUntil(32);
    // It is due again: the loss blocks nothing any longer, and whether it is repaired is still looked at.
    fleet.at(62).calls.length = 0;
    expect(told(await fleet.tick())).toEqual({ "ir-01": "kept paused" });
    expect(fleet.calls).toEqual(["getLatest", "getStatus", "listAuthKeys"]);
  });
});

test("a rotation that came to nothing costs one listing more as it is tried again: only the keys tell that it did", async () => {
  const fleet = await fleetOf(1);
  await fleet.ticksUntil(30);
  fleet.around = async (operation, effect) =>
    operation === "regenerateAuthKey" ? await failsBefore(400)(effect, operation) : effect();
  expect(told(await fleet.ticksUntil(31))).toEqual({ "ir-01": "failed unexpected-response" });
  fleet.around = async (_, effect) => effect();
  fleet.calls.length = 0;
  expect(told(await fleet.ticksUntil(32))).toEqual({ "ir-01": "rotated due" });
  const keyCalls = fleet.calls.filter((call) => /AuthKey/.test(call));
  // Whether there is a rotation to finish comes before the places are given, and is looked at again after it.
  expect(keyCalls).toEqual(["listAuthKeys", "listAuthKeys", "regenerateAuthKey", "listAuthKeys"]);
});
