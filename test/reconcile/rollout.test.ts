import { describe, expect, test } from "vitest";
import { removeNode, restartNode, switchOff, switchOn, upgradeNode } from "../../local/azure/model/nodes.ts";
import type { RunResult } from "../../src/reconcile/reconcile.ts";
import { failsBefore } from "../support/faults.ts";
import { Fleet, told } from "../support/fleet.ts";
import { idOf } from "../support/runtime.ts";

/** Runtimes that were adopted on the first day, with nodes that were installed by hand with authKey1. */
async function fleetOf(count: number): Promise<Fleet> {
  const fleet = new Fleet();
  for (let n = 1; n <= count; n += 1) fleet.add(`ir-${String(n).padStart(2, "0")}`);
  await fleet.tick();
  return fleet;
}

const rotatedIn = ({ runtimes }: RunResult) =>
  runtimes.filter(({ outcome }) => outcome === "rotated").map(({ config }) => config.id.name);

describe("scheduled rotations begin with one runtime and go on as its nodes stay online", () => {
  test("one, then three for each that is proved, the longest overdue first", async () => {
    const fleet = await fleetOf(20);
    const each: string[][] = [];
    await fleet.ticksUntil(36, (result) => each.push(rotatedIn(result)));
    // Due on day 31. Proved a day later, since the nodes must have stayed online for 20 hours.
    expect(each.slice(30).map((names) => names.length)).toEqual([1, 3, 12, 4, 0, 0]);
    expect(each[30]).toEqual(["ir-01"]);
    expect(each[31]).toEqual(["ir-02", "ir-03", "ir-04"]);
  });

  test("those that wait say for whom, and are not told as a failure", async () => {
    const fleet = await fleetOf(3);
    const { runtimes } = await fleet.ticksUntil(31);
    expect(runtimes[1]).toMatchObject({
      outcome: "kept",
      reason: "rollout",
      message: expect.stringContaining("was due 2026-01-31T00:00:00Z; its rotation waits"),
    });
  });

  test("a loss holds the others of its class back, and names the runtime", async () => {
    const fleet = await fleetOf(3);
    await fleet.ticksUntil(31);
    switchOff(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-1", fleet.clock.wall());
    const result = await fleet.ticksUntil(32);
    expect(told(result)).toEqual({
      "ir-01": "blocked nodes-lost",
      "ir-02": "kept braked",
      "ir-03": "kept braked",
    });
    expect(result.runtimes[0]?.message).toContain('"ir-01-node-1" (Offline)');
    expect(result.runtimes[1]?.message).toContain("contoso/ir-01");
    expect(fleet.stateTag("ir-01").note).toEqual([2, 0, expect.any(Number), "authKey2", 0, "lost"]);
  });

  test("a repaired loss lets go of the brake, proves nothing, and the next of the class may try", async () => {
    const fleet = await fleetOf(3);
    await fleet.ticksUntil(31);
    switchOff(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-1", fleet.clock.wall());
    await fleet.ticksUntil(32);
    switchOn(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-1", fleet.clock.wall());
    expect(told(await fleet.ticksUntil(33))).toEqual({
      "ir-01": "kept not-due",
      "ir-02": "rotated due",
      "ir-03": "kept rollout",
    });
    expect(fleet.stateTag("ir-01").note).toMatchObject({ 5: "repaired" });
  });

  test("a node that is removed is no loss, and neither is one that was offline before", async () => {
    const fleet = new Fleet();
    fleet.add("ir-01", 3);
    switchOff(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-3", fleet.clock.wall());
    await fleet.tick();
    await fleet.ticksUntil(31);
    expect(fleet.stateTag("ir-01").note).toMatchObject({ 0: 2, 1: 1 });
    removeNode(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-1");
    expect(told(await fleet.ticksUntil(32))).toEqual({ "ir-01": "kept not-due" });
  });

  test("a node that is upgraded at the tick is lost for that tick only", async () => {
    const fleet = await fleetOf(1);
    await fleet.ticksUntil(31);
    fleet.at(31.99);
    const upgrade = { version: "5.51", durationMs: 3_600_000 };
    upgradeNode(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-1", upgrade, fleet.clock.wall());
    expect(told(await fleet.at(32).tick())).toEqual({ "ir-01": "blocked nodes-lost" });
    expect(told(await fleet.at(33).tick())).toEqual({ "ir-01": "kept not-due" });
  });

  test("a laptop that never comes back blocks its runtime until that is due again, and then it is rotated", async () => {
    const fleet = await fleetOf(1);
    await fleet.ticksUntil(31);
    switchOff(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-1", fleet.clock.wall());
    const each: string[] = [];
    await fleet.ticksUntil(62, (result) => each.push(told(result)["ir-01"] ?? ""));
    expect(new Set(each.slice(0, -1))).toEqual(new Set(["blocked nodes-lost"]));
    expect(each.at(-1)).toBe("rotated due");
  });

  test("a loss within seven days withdraws a proof; one after that is nobody's", async () => {
    for (const [day, expected] of [
      [37, "blocked nodes-lost"],
      [39, "kept not-due"],
    ] as const) {
      const fleet = await fleetOf(1);
      await fleet.ticksUntil(32);
      expect(fleet.stateTag("ir-01").note).toMatchObject({ 5: "proved" });
      await fleet.ticksUntil(day - 1);
      switchOff(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-1", fleet.clock.wall());
      expect(told(await fleet.ticksUntil(day))).toEqual({ "ir-01": expected });
    }
  });

  test("classes do not wait for each other: which key dies, and whether it was rotated twice before", async () => {
    const fleet = await fleetOf(1);
    await fleet.ticksUntil(100);
    fleet.add("newcomer");
    await fleet.tick();
    const notes = [fleet.stateTag("ir-01").note];
    expect(notes).toMatchObject([{ 3: "authKey2", 4: 2 }]);
    await fleet.ticksUntil(131);
    expect(fleet.stateTag("newcomer").note).toMatchObject({ 3: "authKey2", 4: 0 });
  });
});

describe("who takes no part", () => {
  test("runtimes without nodes, and those that are not watched, wait for nobody", async () => {
    const fleet = new Fleet();
    for (const name of ["a-1", "a-2"]) fleet.add(name, 0);
    for (const name of ["b-1", "b-2"]) fleet.add(name, 2, { nodes: "ignore" });
    for (const name of ["c-1", "c-2"]) fleet.add(name, 2);
    await fleet.tick();
    expect(rotatedIn(await fleet.ticksUntil(31))).toEqual(["a-1", "a-2", "b-1", "b-2", "c-1"]);
    expect(fleet.stateTag("a-1").note).toBeUndefined();
    expect(fleet.stateTag("b-1")).toMatchObject({ n: 0 });
  });

  test("a paused runtime is not rotated by the timer, but by a call, and is adopted and repaired", async () => {
    const fleet = new Fleet();
    fleet.add("p-1", 2, { paused: true });
    expect(told(await fleet.tick())).toEqual({ "p-1": "published first-contact" });
    const result = await fleet.ticksUntil(31);
    expect(result.runtimes[0]).toMatchObject({
      outcome: "kept",
      reason: "paused",
      message: expect.stringContaining("paused"),
    });
    expect(await fleet.call("p-1")).toMatchObject({ outcome: "rotated", reason: "on-demand" });
  });

  test("a runtime that is named waits for nobody; a star waits as the timer does", async () => {
    const fleet = await fleetOf(3);
    fleet.at(5);
    expect(told(await fleet.run("on-demand", fleet.runtimes))).toEqual({
      "ir-01": "rotated on-demand",
      "ir-02": "kept rollout",
      "ir-03": "kept rollout",
    });
    expect(await fleet.call("ir-02")).toMatchObject({ outcome: "rotated", reason: "on-demand" });
  });

  test("a dry run for all says who would go and who would wait, and changes nothing", async () => {
    const fleet = await fleetOf(3);
    fleet.at(31);
    const before = structuredClone(fleet.state);
    const dry = await fleet.run("on-demand", fleet.runtimes, { dryRun: true });
    expect(told(dry)).toEqual({
      "ir-01": "rotated on-demand",
      "ir-02": "kept rollout",
      "ir-03": "kept rollout",
    });
    expect(dry.runtimes[0]?.nodes).toHaveLength(2);
    expect(fleet.state).toEqual(before);
  });
});

describe("a place", () => {
  test("that is not used goes to the next in the same tick", async () => {
    const fleet = await fleetOf(3);
    await fleet.ticksUntil(30);
    let failed = false;
    fleet.around = async (operation, effect) => {
      if (operation !== "setTags" || failed) return effect();
      failed = true;
      return await failsBefore(500)(effect, operation);
    };
    expect(told(await fleet.ticksUntil(31))).toEqual({
      "ir-01": "failed unavailable",
      "ir-02": "rotated due",
      "ir-03": "kept rollout",
    });
  });

  test("whose rotation may have happened is not given away", async () => {
    const fleet = await fleetOf(3);
    await fleet.ticksUntil(30);
    fleet.around = async (operation, effect) =>
      operation === "addVersion" ? await failsBefore(500)(effect, operation) : effect();
    expect(told(await fleet.ticksUntil(31))).toEqual({
      "ir-01": "failed unavailable",
      "ir-02": "kept rollout",
      "ir-03": "kept rollout",
    });
    fleet.around = async (_, effect) => effect();
    const next = await fleet.ticksUntil(32);
    expect(told(next)).toMatchObject({ "ir-01": "published unfinished-rotation", "ir-02": "kept rollout" });
    expect(fleet.stateTag("ir-01").note).toMatchObject({ 0: 2, 1: 0, 3: "authKey2", 4: 0 });
  });

  test("is taken by each runtime that cannot be read, but the last never is", async () => {
    const fleet = await fleetOf(6);
    await fleet.ticksUntil(31);
    // Three places after the first proof; two runtimes cannot be read.
    const unread = new Set(["contoso-ir-05", "contoso-ir-06"]);
    const vault = fleet.state.keyVault.vaults["contoso.vault.azure.net"];
    for (const name of unread) {
      const versions = vault?.secrets[name]?.versions ?? [];
      for (const version of versions) version.tags.RotationState = '{"v":2}';
    }
    expect(rotatedIn(await fleet.ticksUntil(32))).toEqual(["ir-02"]);
  });
});

describe("nodes that may not be read", () => {
  const refused = async (fleet: Fleet) => {
    fleet.around = async (operation, effect) =>
      operation === "getStatus" ? await failsBefore(403)(effect, operation) : effect();
    return fleet;
  };

  test("fail the timer's run of a due runtime, and it says what to grant or to set", async () => {
    const fleet = await refused(await fleetOf(2));
    expect(told(await fleet.ticksUntil(30))).toMatchObject({ "ir-01": "kept not-due" });
    const { runtimes } = await fleet.ticksUntil(31);
    for (const outcome of runtimes) {
      expect(outcome).toMatchObject({ outcome: "failed", reason: "access-denied" });
      expect(outcome.message).toMatch(/set nodes to "ignore"/);
    }
  });

  test("do not keep a call from rotating, which says so and counts", async () => {
    const fleet = await refused(await fleetOf(1));
    const outcome = await fleet.at(5).call("ir-01");
    expect(outcome).toMatchObject({ outcome: "rotated", nodes: undefined });
    expect(outcome.message).toContain("its nodes are not watched");
    expect(fleet.stateTag("ir-01")).toMatchObject({ n: 0 });
    expect(fleet.stateTag("ir-01").note).toBeUndefined();
  });

  test("for another reason end a rotation before anything is written, but not a compromise", async () => {
    const fleet = await fleetOf(1);
    fleet.around = async (operation, effect) =>
      operation === "getStatus" ? await failsBefore(500)(effect, operation) : effect();
    fleet.at(5);
    fleet.calls.length = 0;
    expect(await fleet.call("ir-01")).toMatchObject({ outcome: "failed", reason: "unavailable" });
    expect(fleet.calls).not.toContain("setTags");
    expect(await fleet.call("ir-01", "compromised")).toMatchObject({ outcome: "rotated" });
  });
});

describe("what is written of nodes", () => {
  test("is carried on by drift, and dropped by a compromise, which counts as a rotation", async () => {
    const fleet = await fleetOf(1);
    await fleet.ticksUntil(31);
    const { note } = fleet.stateTag("ir-01");
    const runtime = fleet.state.dataFactory.runtimes[idOf("ir-01").toLowerCase()];
    const { regenerateAuthKey } = await import("../../local/azure/model/dataFactory.ts");
    regenerateAuthKey(fleet.state.dataFactory, idOf("ir-01"), "authKey2", fleet.clock.wall());
    expect(runtime?.nodes).toHaveLength(2);
    expect(told(await fleet.ticksUntil(32))).toEqual({ "ir-01": "published drift" });
    expect(fleet.stateTag("ir-01")).toMatchObject({ note, n: 0 });
    await fleet.call("ir-01", "compromised");
    expect(fleet.stateTag("ir-01").note).toBeUndefined();
    expect(fleet.stateTag("ir-01")).toMatchObject({ n: 1, reason: "compromised" });
  });

  test("of a lost runtime stays whole where a call rotates it", async () => {
    const fleet = await fleetOf(1);
    await fleet.ticksUntil(31);
    switchOff(fleet.state.dataFactory, idOf("ir-01"), "ir-01-node-1", fleet.clock.wall());
    await fleet.ticksUntil(33);
    const { note } = fleet.stateTag("ir-01");
    expect(await fleet.call("ir-01")).toMatchObject({ outcome: "rotated" });
    expect(fleet.stateTag("ir-01")).toMatchObject({ note, n: 1 });
    expect(told(await fleet.ticksUntil(34))).toEqual({ "ir-01": "blocked nodes-lost" });
  });

  test("never erases an intent that another run wrote meanwhile", async () => {
    const fleet = await fleetOf(1);
    await fleet.ticksUntil(31);
    const vault = fleet.state.keyVault.vaults["contoso.vault.azure.net"];
    const version = vault?.secrets["contoso-ir-01"]?.versions.at(-1);
    fleet.around = async (operation, effect) => {
      if (operation === "acquireLease" && version) {
        const state = JSON.parse(version.tags.RotationState ?? "{}");
        const intent = { kind: "kill", key: "authKey1", was: "0123456789abcdef" };
        version.tags.RotationState = JSON.stringify({ ...state, intent });
      }
      return effect();
    };
    await fleet.ticksUntil(32);
    expect(fleet.stateTag("ir-01")).toMatchObject({ intent: { kind: "kill" }, note: { 5: "proved" } });
  });

  test("and idle looks cost no more than before: one ARM write and one call of the vault", async () => {
    const fleet = await fleetOf(1);
    fleet.calls.length = 0;
    await fleet.ticksUntil(1);
    expect(fleet.calls).toEqual(["getLatest", "listAuthKeys"]);
  });
});

test("the nodes of hand-installed machines show the second rotation in one runtime, and not in the whole fleet", async () => {
  const fleet = await fleetOf(30);
  const lost = new Set<string>();
  await fleet.ticksUntil(90, ({ runtimes }) => {
    for (const { config, reason } of runtimes) if (reason === "nodes-lost") lost.add(config.id.name);
  });
  expect([...lost]).toEqual(["ir-01"]);
  restartNode(fleet.state.dataFactory, idOf("ir-02"), "ir-02-node-1", fleet.clock.wall());
  expect(fleet.online("ir-02")).toBe(2);
});
