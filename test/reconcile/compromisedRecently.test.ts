import { describe, expect, test } from "vitest";
import { diesAfter, diesBefore, failsAfter, failsBefore } from "../support/faults.ts";
import { World } from "../support/world.ts";

const young = () => new World().publishedAt("2026-01-01T00:00:00Z").at("2026-01-01T01:00:00Z");
const kept = { outcome: "kept", reason: "compromised-recently", regenerates: [] };

test("a call that is repeated for ten minutes finds the compromise done, and nothing dies by it", async () => {
  const world = young();
  expect(await world.call("compromised")).toMatchObject({ outcome: "rotated", reason: "compromised" });
  const readers = [world.value("authKey1"), world.value("authKey2")];
  for (let times = 0; times < 6; times += 1) {
    world.clock.advance(99_000);
    expect(await world.call("compromised")).toMatchObject({ ...kept, publishedKey: "authKey2" });
  }
  expect([world.value("authKey1"), world.value("authKey2")]).toEqual(readers);
  expect(world.versions).toHaveLength(2);
});

test("what it says is when a new call regenerates again, and then it does", async () => {
  const world = young();
  await world.call("compromised");
  const { message } = await world.call("compromised");
  expect(message).toContain("2026-01-01T01:10:01Z");
  expect(await world.at("2026-01-01T01:10:00Z").call("compromised")).toMatchObject(kept);
  expect(await world.at("2026-01-01T01:10:01Z").call("compromised")).toMatchObject({
    outcome: "rotated",
    reason: "compromised",
  });
  expect(world.regenerations).toEqual({ authKey1: 2, authKey2: 2 });
});

test("a rotation of the same moment answers no compromise", async () => {
  const world = young().at("2026-01-03T00:00:00Z");
  await world.call("on-demand");
  expect(await world.call("compromised")).toMatchObject({ outcome: "rotated", reason: "compromised" });
});

test("it costs one listing and no lease, and a dry run says the same", async () => {
  const world = young();
  await world.call("compromised");
  world.calls.length = 0;
  expect(await world.call("compromised")).toMatchObject(kept);
  expect(world.calls).toEqual(["getLatest", "listAuthKeys"]);
  expect(await world.ask({ kind: "compromised", dryRun: true })).toMatchObject(kept);
});

test("callers at once regenerate each key once: who has to wait too long calls again, and finds it done", async () => {
  const world = young();
  const outcomes = await Promise.all([1, 2, 3].map(() => world.call("compromised")));
  expect(outcomes.filter(({ outcome }) => outcome === "rotated")).toHaveLength(1);
  expect(await world.call("compromised")).toMatchObject(kept);
  expect(world.regenerations).toEqual({ authKey1: 1, authKey2: 1 });
});

describe("a caller that got no answer simply calls again", () => {
  const scenes: Record<string, () => World> = {
    "a healthy runtime": young,
    "a runtime that the vault does not know": () => new World().at("2026-01-01T01:00:00Z"),
    "drift of the alternate key": () => young().regenerateByHand("authKey2"),
  };
  const ends = { diesBefore, diesAfter, lost: failsAfter(undefined), refused: failsBefore(500) };

  for (const [scene, make] of Object.entries(scenes)) {
    test.for(Object.entries(ends))(`whatever step it ended at: ${scene}, %s`, async ([, end]) => {
      for (let step = 1; ; step += 1) {
        const world = make().once(undefined, end, step);
        const declared = [world.value("authKey1"), world.value("authKey2")];
        const before = { ...world.regenerations };
        const ended = await world.mayDie("compromised");
        const untouched = world.calls.length < step;
        world.calm();
        world.clock.advance(61_000);
        const again = await world.call("compromised");
        expect(["rotated", "kept"], `step ${step}`).toContain(again.outcome);
        expect(await world.call("compromised"), `step ${step}`).toMatchObject(kept);
        expect(declared).not.toContain(world.value("authKey1"));
        expect(declared).not.toContain(world.value("authKey2"));
        const times = ["authKey1", "authKey2"] as const;
        for (const key of times) expect(world.regenerations[key] - before[key], `step ${step}`).toBe(1);
        expect(world.deadAfter).toEqual([]);
        if (untouched) return expect(ended).toBe("lived");
      }
    });
  }
});

test("drift that is repaired meanwhile keeps the compromise done for its ten minutes, and not for longer", async () => {
  for (const [time, expected] of [
    ["2026-01-01T01:09:00Z", kept],
    ["2026-01-01T01:11:00Z", { outcome: "rotated", reason: "compromised" }],
  ] as const) {
    const world = young();
    await world.call("compromised");
    world.at("2026-01-01T01:08:00Z").regenerateByHand("authKey2");
    expect(await world.tick()).toMatchObject({ outcome: "published", reason: "drift" });
    const outcome = await world.at(time).call("compromised");
    expect(outcome).toMatchObject(expected);
    if (expected === kept) expect(outcome.message).toContain("call again from 2026-01-01T01:10:01Z on");
  }
});
