import { expect, test } from "vitest";
import { KeyValue } from "../../src/keyValue.ts";
import { failsAfter, failsBefore } from "../support/faults.ts";
import { World } from "../support/world.ts";

const young = () => new World().publishedAt("2026-01-01T00:00:00Z").at("2026-01-01T01:00:00Z");

test("a compromise regenerates both keys at any age, and the vault names a live one all the while", async () => {
  const world = young();
  expect(await world.call("compromised")).toMatchObject({
    outcome: "rotated",
    reason: "compromised",
    publishedKey: "authKey2",
    regenerates: ["authKey2", "authKey1"],
  });
  expect(world.regenerations).toEqual({ authKey1: 1, authKey2: 1 });
  expect(world.published).toBe("authKey2");
  expect(world.deadAfter).toEqual([]);
  expect(world.rotationState).not.toHaveProperty("intent");
});

test("a compromise that was cut short after its first half is finished by the timer, which says so", async () => {
  const world = young().once("regenerateAuthKey", failsBefore(500), 2);
  expect(await world.call("compromised")).toMatchObject({ outcome: "failed", regenerates: ["authKey2"] });
  expect(world.rotationState).toMatchObject({ intent: { kind: "kill", key: "authKey1" } });
  expect(await world.tick()).toMatchObject({
    outcome: "rotated",
    reason: "compromised",
    publishedKey: "authKey2",
    regenerates: ["authKey1"],
  });
  expect(world.regenerations).toEqual({ authKey1: 1, authKey2: 1 });
});

test("a compromise tells of both halves, and one that finishes another's tells of that", async () => {
  const { message } = await young().call("compromised");
  expect(message).toContain("both keys are declared compromised");
  const world = young().once("regenerateAuthKey", failsBefore(500), 2);
  await world.call("compromised");
  expect((await world.tick()).message).toContain("an earlier compromise call was cut short");
});

test("a superseded key that somebody regenerates by hand before its half comes is not regenerated again", async () => {
  const world = young();
  world.once("addVersion", (act) => {
    const done = act();
    world.regenerateByHand("authKey1");
    return done;
  });
  expect(await world.call("compromised")).toMatchObject({
    outcome: "rotated",
    reason: "compromised",
    publishedKey: "authKey2",
    regenerates: ["authKey2"],
  });
  expect(world.regenerations).toEqual({ authKey1: 1, authKey2: 1 });
  expect(world.rotationState).not.toHaveProperty("intent");
});

test("a kill defers when its intent is gone, or stands on another version, as it is read back", async () => {
  const gone = (world: World) => void delete world.latest?.tags.RotationState;
  const elsewhere = (world: World) =>
    world.store(world.value("authKey2"), "2026-01-01T01:00:00Z", { tags: world.latest?.tags });
  for (const change of [gone, elsewhere]) {
    const world = young().once("regenerateAuthKey", failsBefore(500), 2);
    await world.call("compromised");
    world.once("listAuthKeys", (act) => {
      const listed = act();
      change(world);
      return listed;
    });
    expect(await world.tick()).toMatchObject({ outcome: "deferred", reason: "locked", regenerates: [] });
    expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 1 });
  }
});

test("a compromise call repeated after its first half does the second and no more", async () => {
  const world = young().once("regenerateAuthKey", failsBefore(500), 2);
  await world.call("compromised");
  expect(await world.call("compromised")).toMatchObject({ outcome: "rotated", regenerates: ["authKey1"] });
  expect(world.regenerations).toEqual({ authKey1: 1, authKey2: 1 });
});

test("a call on demand while a kill is pending does that first", async () => {
  const world = young().once("regenerateAuthKey", failsBefore(500), 2);
  await world.call("compromised");
  expect(await world.at("2026-01-20T00:00:00Z").call()).toMatchObject({
    outcome: "rotated",
    reason: "compromised",
    regenerates: ["authKey1"],
  });
});

test("a kill whose answer is lost is not done twice", async () => {
  const world = young()
    .once("regenerateAuthKey", failsAfter(undefined), 2)
    .once("listAuthKeys", failsBefore(503), 3);
  expect(await world.call("compromised")).toMatchObject({ outcome: "failed" });
  world.clock.advance(60_000);
  expect(await world.tick()).toMatchObject({ outcome: "kept" });
  expect(world.regenerations).toEqual({ authKey1: 1, authKey2: 1 });
  expect(world.rotationState).not.toHaveProperty("intent");
});

test("a kill whose intent could not be removed is not done twice by the timer", async () => {
  const world = young().once("setTags", failsBefore(503), 2);
  expect(await world.call("compromised")).toMatchObject({ outcome: "failed", reason: "unavailable" });
  world.clock.advance(60_000);
  expect(await world.tick()).toMatchObject({ outcome: "kept" });
  expect(world.regenerations).toEqual({ authKey1: 1, authKey2: 1 });
});

test("a call that finds an old compromise finished, though not yet noted, declares its own with its first write", async () => {
  const world = young().once("setTags", failsBefore(503), 2);
  await world.call("compromised");
  world.clock.advance(600_000);
  world.once("setTags", failsAfter(undefined));
  expect(await world.call("compromised")).toMatchObject({ outcome: "failed", regenerates: [] });
  world.clock.advance(60_000);
  expect(await world.tick()).toMatchObject({ outcome: "rotated", reason: "compromised" });
  expect(world.regenerations).toEqual({ authKey1: 2, authKey2: 2 });
});

test("drift while a kill is pending never brings the compromised value back to the vault", async () => {
  const world = young().once("regenerateAuthKey", failsBefore(500), 2);
  await world.call("compromised");
  const compromised = world.value("authKey1");
  world.regenerateByHand("authKey2");
  expect(await world.tick()).toMatchObject({
    outcome: "rotated",
    reason: "compromised",
    publishedKey: "authKey2",
    regenerates: ["authKey1"],
  });
  expect(world.versions.slice(1).map(({ value }) => value)).not.toContain(compromised);
  expect(world.value("authKey1")).not.toBe(compromised);
});

test("drift of the very key that was to be killed leaves nothing to kill", async () => {
  const world = young().once("regenerateAuthKey", failsBefore(500), 2);
  await world.call("compromised");
  world.regenerateByHand("authKey1").regenerateByHand("authKey2");
  expect(await world.tick()).toMatchObject({
    outcome: "published",
    reason: "drift",
    publishedKey: "authKey2",
  });
  expect(world.rotationState).not.toHaveProperty("intent");
});

test("a compromise that wrote its intent and got no further is done by the timer", async () => {
  const world = young().once("regenerateAuthKey", failsBefore(500));
  expect(await world.call("compromised")).toMatchObject({ outcome: "failed", regenerates: [] });
  expect(await world.tick()).toMatchObject({
    outcome: "rotated",
    reason: "compromised",
    regenerates: ["authKey2", "authKey1"],
  });
});

test("a compromise declared over an innocent rotation that died regenerates both keys since", async () => {
  const world = new World().publishedAt("2026-01-01T00:00:00Z").at("2026-03-01T00:00:00Z");
  world.once("addVersion", failsBefore(500));
  await world.tick();
  const before = [world.value("authKey1"), world.value("authKey2")];
  expect(await world.call("compromised")).toMatchObject({
    outcome: "rotated",
    reason: "compromised",
    regenerates: ["authKey1", "authKey2"],
  });
  expect(before).not.toContain(world.value("authKey1"));
  expect(before).not.toContain(world.value("authKey2"));
  expect(world.deadAfter).toEqual([]);
});

test("a compromise of a secret that is blocked changes nothing and says why", async () => {
  const world = young();
  if (world.latest) world.latest.enabled = false;
  expect(await world.call("compromised")).toMatchObject({ outcome: "blocked", reason: "secret-disabled" });
  expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 0 });
});

test("both superseded values are disabled once they are dead", async () => {
  const world = young();
  await world.call("compromised");
  expect(world.enabled).toEqual([false, true]);
});

test("a kill of the very key that a person has published again notes no live value as dead", async () => {
  const world = new World();
  const was = new KeyValue(world.value("authKey1")).fingerprint();
  const RotationState = JSON.stringify({ intent: { kind: "kill", key: "authKey1", was } });
  world.publishedAt("2026-01-01T00:00:00Z", "authKey1", { RotationState });
  expect(await world.tick()).toMatchObject({ outcome: "kept" });
  expect(world.rotationState).toEqual({ v: 1 });
  expect(await world.tick()).toMatchObject({ outcome: "kept" });
});
