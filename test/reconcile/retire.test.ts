import { expect, test } from "vitest";
import { failsBefore } from "../support/faults.ts";
import { World } from "../support/world.ts";

/** Versions of 1 January (authKey1) and 1 February (authKey2) with the third due on 1 April. */
async function rotatedOnce(): Promise<World> {
  const world = new World().publishedAt("2026-01-01T00:00:00Z").at("2026-02-01T00:00:00Z");
  await world.tick();
  return world.at("2026-04-01T00:00:00Z");
}

test("the superseded version stays enabled while its value lives, and is disabled when it is dead", async () => {
  const world = await rotatedOnce();
  expect(world.enabled).toEqual([true, true]);
  await world.tick();
  expect(world.enabled).toEqual([false, true, true]);
});

test("the latest version is never disabled, also where a listing gives it first", async () => {
  const world = await rotatedOnce();
  for (const month of ["04", "06", "08", "10", "12"]) {
    await world.at(`2026-${month}-15T00:00:00Z`).tick();
    expect(world.latest?.enabled).toBe(true);
    expect(world.enabled.slice(-2)).toEqual([true, true]);
    expect(world.enabled.slice(0, -2)).not.toContain(true);
  }
});

test("a version of the second of the new one is left alone, one of the second before is not", async () => {
  const world = await rotatedOnce();
  world.store("IR@guid@contoso@FAKE-same-second", "2026-04-01T00:00:00Z");
  world.store("IR@guid@contoso@FAKE-second-before", "2026-03-31T23:59:59Z", {
    tags: { ProviderAddress: world.config.id.text },
  });
  expect(await world.tick()).toMatchObject({ outcome: "published", reason: "drift" });
  expect(world.enabled).toEqual([true, true, true, false, true]);
});

test("what was disabled already is not read, because it could not be", async () => {
  const world = await rotatedOnce();
  const [first] = world.versions;
  if (first) first.enabled = false;
  expect(await world.tick()).toMatchObject({ outcome: "rotated" });
  expect(world.count("disable")).toBe(0);
});

test.for(["listVersions", "getValue", "disable"] as const)(
  "a rotation is one though retiring fails at %s; the message says so and the next publish does it",
  async (operation) => {
    const world = await rotatedOnce();
    const outcome = await world.once(operation, failsBefore(403, "ForbiddenByRbac")).tick();
    expect(outcome).toMatchObject({ outcome: "rotated", publishedKey: "authKey1" });
    expect(outcome.message).toMatch(/stay enabled until the next publish: .*lacks a permission/);
    expect(world.enabled).toEqual([true, true, true]);
    await world.at("2026-06-01T00:00:00Z").tick();
    expect(world.enabled).toEqual([false, false, true, true]);
  },
);

test("retiring that fails once and is made up for in the same run is not complained about", async () => {
  const world = await rotatedOnce();
  const outcome = await world.once("listVersions", failsBefore(503)).call("compromised");
  expect(outcome.message).not.toContain("stay enabled");
  expect(world.enabled).toEqual([false, false, true]);
});

test("a defect while retiring is told as one, and not as something for the next publish", async () => {
  const world = await rotatedOnce();
  world.once("listVersions", () => {
    throw new TypeError("a defect");
  });
  expect(await world.tick()).toMatchObject({ outcome: "failed", reason: "bug" });
});

test("retiring ends where the time does, and the rotation is one all the same", async () => {
  const world = await rotatedOnce();
  world.takes("listVersions", 45_000);
  const outcome = await world.tick();
  expect(outcome).toMatchObject({ outcome: "rotated" });
  expect(outcome.message).toContain("stay enabled");
  expect(world.count("disable")).toBe(0);
});

test("versions are retired after first contact and drift as well", async () => {
  const drifted = new World().publishedAt("2025-12-01T00:00:00Z").regenerateByHand("authKey1");
  await drifted.tick();
  expect(drifted.enabled).toEqual([false, true]);

  const adopted = new World();
  adopted.store("IR@guid@contoso@FAKE-dead", "2024-12-01T00:00:00Z");
  adopted.store(adopted.value("authKey2"), "2025-12-01T00:00:00Z");
  await adopted.tick();
  expect(adopted.enabled).toEqual([false, true, true]);
});
