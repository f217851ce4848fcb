import { expect, test } from "vitest";
import { diesAfter, failsAfter, failsBefore } from "../support/faults.ts";
import { World } from "../support/world.ts";

const young = () => new World().publishedAt("2026-01-01T00:00:00Z").at("2026-01-10T00:00:00Z");
const due = () => young().at("2026-03-01T00:00:00Z");

test("an idle tick costs one vault call and one ARM write, and no lease", async () => {
  const world = young();
  await world.tick();
  expect(world.calls).toEqual(["getLatest", "listAuthKeys"]);
});

test("a call within the overlap costs no more than an idle tick", async () => {
  const world = new World().publishedAt("2026-01-01T00:00:00Z");
  expect(await world.call()).toMatchObject({ outcome: "blocked", reason: "within-overlap" });
  expect(world.calls).toEqual(["getLatest", "listAuthKeys"]);
});

test("a runtime whose lease is held costs no ARM write", async () => {
  const world = due();
  world.leases.set(world.config.id.key, { holder: "another", until: Number.POSITIVE_INFINITY });
  await world.tick();
  expect(world.armWrites).toBe(0);
});

const inTheMiddle = async () => {
  const world = due().once("regenerateAuthKey", diesAfter);
  await world.mayDie();
  world.clock.advance(61_000);
  world.calls.length = 0;
  return world;
};

const afterFirstHalf = async () => {
  const world = young().once("regenerateAuthKey", failsBefore(500), 2);
  await world.call("compromised");
  world.calls.length = 0;
  return world;
};

type Scene = [
  world: () => World | Promise<World>,
  request: "timer" | "on-demand" | "compromised",
  armWrites: number,
];

const scenes: Record<string, Scene> = {
  "a rotation": [due, "timer", 3],
  "a rotation on demand": [young, "on-demand", 3],
  "a rotation whose answer is lost": [
    () => due().once("regenerateAuthKey", failsAfter(undefined)),
    "timer",
    4,
  ],
  "first contact": [() => new World(), "timer", 2],
  "finishing a dead run": [inTheMiddle, "timer", 2],
  "a compromise": [young, "compromised", 4],
  "a compromise after first contact": [() => new World(), "compromised", 5],
  "a compromise after a dead run": [inTheMiddle, "compromised", 5],
  "the second half of a compromise": [afterFirstHalf, "timer", 2],
};

test.for(Object.entries(scenes))(
  "%s costs its ARM writes and no more",
  async ([, [make, kind, armWrites]]) => {
    const world = await make();
    const { outcome } = await world.ask({ kind });
    expect(["rotated", "published"]).toContain(outcome);
    expect(world.armWrites).toBe(armWrites);
  },
);

test("drift is seen without the lease: one more ARM write than its repair costs", async () => {
  const world = young().regenerateByHand("authKey1");
  await world.tick();
  expect(world.armWrites).toBe(3);
});

test("a compromise under drift costs five: the vault shows the work, so the lease comes first", async () => {
  const world = young().regenerateByHand("authKey1");
  expect(await world.call("compromised")).toMatchObject({ outcome: "rotated" });
  expect(world.armWrites).toBe(5);
});

test("the runtime's kind is asked for only where the secret does not name it", async () => {
  const named = young();
  await named.tick();
  expect(named.count("getKind")).toBe(0);
  const fresh = new World();
  await fresh.tick();
  expect(fresh.count("getKind")).toBe(1);
});
