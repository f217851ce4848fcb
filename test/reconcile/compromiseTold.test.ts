import { describe, expect, test } from "vitest";
import { failsBefore, preceded } from "../support/faults.ts";
import { World } from "../support/world.ts";

const young = () => new World().publishedAt("2026-01-01T00:00:00Z").at("2026-01-01T01:00:00Z");

/** The timer once the lease of a run that was stopped is over. */
const tickLater = (world: World) => {
  world.clock.advance(60_000);
  return world.tick();
};

describe("a compromise call that is deferred", () => {
  test("after it has declared the compromise in the secret says so: both keys are dead by the next tick", async () => {
    const world = young().once(
      "renewLease",
      preceded(() => world.leases.clear()),
    );
    const outcome = await world.call("compromised");
    expect(outcome).toMatchObject({ outcome: "deferred", reason: "locked", regenerates: [] });
    expect(outcome.message).toContain("declared in the secret, and the next run finishes it");
    expect(outcome.message).not.toContain("nothing of this request was done");
    expect(await tickLater(world)).toMatchObject({
      outcome: "rotated",
      reason: "compromised",
      regenerates: ["authKey2", "authKey1"],
    });
  });

  test("before it has says that nothing was done, and nothing comes of it", async () => {
    const world = young().takes("listAuthKeys", 45_001);
    const outcome = await world.call("compromised");
    expect(outcome).toMatchObject({ outcome: "deferred", reason: "out-of-time" });
    expect(outcome.message).toContain("nothing of this request was done");
    expect(await tickLater(world)).toMatchObject({ outcome: "kept" });
  });

  test("because another run has overwritten what it declared says that nothing was done", async () => {
    const world = young();
    world.once("setTags", (act) => {
      act();
      if (world.latest) world.latest.tags.RotationState = "{}";
      return undefined as never;
    });
    const outcome = await world.call("compromised");
    expect(outcome).toMatchObject({ outcome: "deferred", reason: "locked", version: world.latest?.id });
    expect(outcome.message).toContain("nothing of this request was done");
    expect(await tickLater(world)).toMatchObject({ outcome: "kept" });
  });
});

test("a run that forgets a kill that is done, and is deferred then, says that nothing was done", async () => {
  const world = young().once("setTags", failsBefore(500), 2);
  await world.call("compromised");
  world.at("2026-03-01T00:00:00Z").once(
    "renewLease",
    preceded(() => world.leases.clear()),
  );
  const outcome = await world.tick();
  expect(outcome).toMatchObject({ outcome: "deferred", reason: "locked", compromised: true });
  expect(outcome.message).toContain("nothing of this request was done");
});

describe("that a compromise is pending is told", () => {
  test("by every run that meets it, whatever comes of it, and by none after", async () => {
    const world = young().once("regenerateAuthKey", failsBefore(500), 2);
    expect(await world.call("compromised")).toMatchObject({ outcome: "failed", compromised: true });
    world.once("listAuthKeys", failsBefore(503));
    expect(await world.tick()).toMatchObject({ outcome: "failed", reason: "unavailable", compromised: true });
    world.leases.set(world.config.id.key, { holder: "another", until: world.clock.wall() + 1 });
    expect(await world.tick()).toMatchObject({ outcome: "deferred", reason: "locked", compromised: true });
    expect(await tickLater(world)).toMatchObject({ reason: "compromised", compromised: true });
    expect(await world.tick()).toMatchObject({ outcome: "kept", compromised: false });
  });

  test("by a call whose own intent was never read back", async () => {
    const world = young().once("getLatest", failsBefore(500), 3);
    expect(await world.call("compromised")).toMatchObject({ outcome: "failed", compromised: true });
  });

  test("by no rotation that is just a rotation", async () => {
    const world = young().at("2026-03-01T00:00:00Z").once("regenerateAuthKey", failsBefore(500));
    expect(await world.tick()).toMatchObject({ outcome: "failed", compromised: false });
    expect(await world.tick()).toMatchObject({ outcome: "rotated", reason: "due", compromised: false });
  });
});
