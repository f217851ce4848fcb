import { expect, test } from "vitest";
import type { SecretReading } from "../../src/services.ts";
import { failsBefore } from "../support/faults.ts";
import { World } from "../support/world.ts";

/** What a vault that has lost its replica, or a proxy in its place, would make the adapter say. */
const missing = async () => ({ secret: { state: "missing" }, now: undefined }) as SecretReading as never;

const failed = {
  outcome: "failed",
  reason: "unexpected-response",
  message: expect.stringContaining("secret contoso-alpha does not exist"),
};

test("a secret that was there at the look and is missing under the lease is an error, and nothing is written", async () => {
  const world = new World().publishedAt("2026-01-01T00:00:00Z").at("2026-03-01T00:00:00Z");
  world.once("getLatest", missing, 2);
  expect(await world.tick()).toMatchObject(failed);
  expect(world.versions).toHaveLength(1);
  expect(world.calls).not.toContain("setTags");
  expect(await world.tick()).toMatchObject({ outcome: "rotated", reason: "due" });
});

test("so is one that is missing when what was published is read back", async () => {
  for (const world of [
    new World(),
    new World().publishedAt("2026-01-01T00:00:00Z").at("2026-03-01T00:00:00Z"),
  ]) {
    world.once("addVersion", (act) => {
      const version = act();
      world.always("getLatest", missing);
      return version;
    });
    expect(await world.tick()).toMatchObject(failed);
    const versions = world.versions.length;
    expect(await world.calm().tick()).toMatchObject({ outcome: "kept" });
    expect(world.versions).toHaveLength(versions);
  }
});

test("a compromise that was cut short is not undone by it: the value that was declared never comes back", async () => {
  const world = new World().publishedAt("2026-01-01T00:00:00Z").at("2026-01-01T01:00:00Z");
  const declared = world.value("authKey1");
  world.once("regenerateAuthKey", failsBefore(403), 2);
  await world.call("compromised");
  world.once("getLatest", missing, 2);
  expect(await world.tick()).toMatchObject(failed);
  expect(world.versions.slice(1).map(({ value }) => value)).not.toContain(declared);
  expect(await world.tick()).toMatchObject({ outcome: "rotated", reason: "compromised" });
  expect(world.value("authKey1")).not.toBe(declared);
});
