import { expect, test } from "vitest";
import { liveKeys } from "../../local/azure/model/dataFactory.ts";
import { registerNode } from "../../local/azure/model/nodes.ts";
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

test("an idle tick costs one look at the nodes more, for seven days after a rotation", async () => {
  const world = due();
  const { dataFactory } = world.state;
  const { authKey1 } = liveKeys(dataFactory, world.config.id.text);
  registerNode(dataFactory, world.config.id.text, "node", authKey1, Date.parse("2026-01-01T00:00:00Z"));
  await world.tick();
  for (const [day, looks] of [
    ["2026-03-02T00:00:00Z", 1],
    ["2026-03-07T00:00:00Z", 1],
    ["2026-03-08T01:00:00Z", 0],
  ] as const) {
    world.at(day).calls.length = 0;
    await world.tick();
    expect([day, world.armWrites, world.count("getStatus")]).toEqual([day, 1, looks]);
  }
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
  looksAtNodes: number,
];

const scenes: Record<string, Scene> = {
  "a rotation": [due, "timer", 3, 1],
  "a rotation on demand": [young, "on-demand", 3, 1],
  "a rotation whose answer is lost": [
    () => due().once("regenerateAuthKey", failsAfter(undefined)),
    "timer",
    4,
    1,
  ],
  "first contact": [() => new World(), "timer", 2, 0],
  "finishing a dead run": [inTheMiddle, "timer", 2, 0],
  "a compromise": [young, "compromised", 4, 1],
  "a compromise after first contact": [() => new World(), "compromised", 5, 1],
  "a compromise after a dead run": [inTheMiddle, "compromised", 5, 1],
  "the second half of a compromise": [afterFirstHalf, "timer", 2, 0],
};

test.for(Object.entries(scenes))(
  "%s costs its ARM writes and looks at nodes, and no more",
  async ([, [make, kind, armWrites, looksAtNodes]]) => {
    const world = await make();
    const { outcome } = await world.ask({ kind });
    expect(["rotated", "published"]).toContain(outcome);
    expect([world.armWrites, world.count("getStatus")]).toEqual([armWrites, looksAtNodes]);
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
