import { describe, expect, test } from "vitest";
import { failsBefore } from "./support/faults.ts";
import type { MemoryOperation } from "./support/memoryServices.ts";
import { World } from "./support/world.ts";

const due = () => new World().publishedAt("2026-01-01T00:00:00Z").at("2026-03-01T00:00:00Z");

/** Somebody else publishes authKey1 again, right after the `nth` publish of this run. */
function overtaken(world: World, nth = 1, value = () => world.value("authKey1")): World {
  return world.once(
    "addVersion",
    (act) => {
      const done = act();
      world.store(value(), "2026-03-01T00:00:00Z", { tags: world.latest?.tags });
      return done;
    },
    nth,
  );
}

/** The answer to the `nth` look at the vault is the version from before the latest. */
function staleLook(world: World, nth: number): World {
  return world.once(
    "getLatest",
    (act) => {
      const vault = world.state.keyVault.vaults["contoso.vault.azure.net"];
      const versions = vault?.secrets["contoso-alpha"]?.versions ?? [];
      const latest = versions.pop();
      const old = act();
      if (latest) versions.push(latest);
      return old;
    },
    nth,
  );
}

describe("what was published is read back", () => {
  test("and a look that does not match is taken again after two seconds", async () => {
    const world = staleLook(due(), 4);
    expect(await world.tick()).toMatchObject({
      outcome: "rotated",
      publishedKey: "authKey2",
      durationMs: 2000,
    });
    expect(world.versions).toHaveLength(2);
  });

  test("and a mismatch that stays is planned once more in the same run", async () => {
    const world = overtaken(due(), 1, () => "IR@guid@contoso@FAKE-somebody");
    expect(await world.tick()).toMatchObject({ outcome: "rotated", publishedKey: "authKey2" });
    expect(world.published).toBe("authKey2");
    expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 1 });
  });

  test("and a mismatch that comes back is a failure, after no second regenerate", async () => {
    const world = due();
    for (const nth of [1, 2]) overtaken(world, nth, () => `IR@guid@contoso@FAKE-somebody-${nth}`);
    expect(await world.tick()).toMatchObject({
      outcome: "failed",
      reason: "verification-failed",
      regenerates: ["authKey2"],
    });
    expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 1 });
    expect(await world.tick()).toMatchObject({ outcome: "published", reason: "drift" });
    expect(world.published).toBeDefined();
  });

  test("and a live value that somebody else published meanwhile is left there", async () => {
    const world = overtaken(due());
    expect(await world.tick()).toMatchObject({ outcome: "rotated", publishedKey: "authKey1" });
    expect(world.versions).toHaveLength(3);
  });

  test("and a failure to read it back is one, that the next tick finds mended", async () => {
    const world = due().once("listAuthKeys", failsBefore(503), 2);
    expect(await world.tick()).toMatchObject({
      outcome: "failed",
      reason: "unavailable",
      publishedKey: undefined,
      version: undefined,
      regenerates: ["authKey2"],
    });
    expect(await world.tick()).toMatchObject({ outcome: "kept", publishedKey: "authKey2" });
  });
});

describe("a listing that still shows the value that was replaced", () => {
  test("is read again after two seconds", async () => {
    const world = due();
    world.state.dataFactory.staleListings = 1;
    expect(await world.tick()).toMatchObject({
      outcome: "rotated",
      publishedKey: "authKey2",
      durationMs: 2000,
    });
    expect(world.versions).toHaveLength(2);
  });

  test("fails the run when it stays, and nothing is decided by it", async () => {
    const world = due();
    world.state.dataFactory.staleListings = 3;
    expect(await world.tick()).toMatchObject({ outcome: "failed", reason: "unexpected-response" });
    expect(await world.tick()).toMatchObject({ outcome: "failed", reason: "unexpected-response" });
    expect(world.versions).toHaveLength(2);
    expect(await world.tick()).toMatchObject({ outcome: "kept" });
    expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 1 });
    expect(world.deadAfter).toEqual([]);
  });

  test("counts for nothing where the version's tags are another runtime's", async () => {
    const world = new World();
    world.store(world.value("authKey1"), "2025-01-01T00:00:00Z", {
      tags: { ProviderAddress: "/another", RotationState: '{"replaced":"0123456789abcdef"}' },
    });
    expect(await world.tick()).toMatchObject({ outcome: "published", reason: "first-contact" });
  });
});

test("every look goes to the vault first and to Azure Resource Manager then", async () => {
  const world = due();
  await world.tick();
  const looks = world.calls.filter((call): call is MemoryOperation =>
    /^(getLatest|listAuthKeys)$/.test(call),
  );
  expect(looks).toEqual([
    "getLatest", // without the lease
    "getLatest",
    "listAuthKeys",
    "getLatest", // the intent, read back
    "getLatest", // what was published, read back
    "listAuthKeys",
  ]);
});
