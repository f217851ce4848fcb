import { describe, expect, test } from "vitest";
import { KeyValue } from "../../src/keyValue.ts";
import { type Fault, failsAfter, failsBefore } from "../support/faults.ts";
import { World } from "../support/world.ts";

const due = () => new World().publishedAt("2026-01-01T00:00:00Z").at("2026-03-01T00:00:00Z");

/** Nobody answered, a gateway did in the service's place, or it was accepted for later: an effect may still come. */
const mayStillCome = [undefined, 202, 408, 502, 503, 504];
const isOver = [200, 500];

describe("a regenerate whose answer is lost", () => {
  test.for([...mayStillCome, ...isOver])("is read back when it happened (status %s)", async (status) => {
    const world = due().once("regenerateAuthKey", failsAfter(status));
    expect(await world.tick()).toMatchObject({
      outcome: "rotated",
      reason: "due",
      publishedKey: "authKey2",
      regenerates: ["authKey2"],
    });
    expect(world.published).toBe("authKey2");
    expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 1 });
  });

  test.for([...mayStillCome, ...isOver])(
    "fails and keeps its intent when it did not (status %s)",
    async (status) => {
      const world = due().once("regenerateAuthKey", failsBefore(status));
      expect(await world.tick()).toMatchObject({
        outcome: "failed",
        publishedKey: "authKey1",
        regenerates: [],
      });
      expect(world.published).toBe("authKey1");
      expect(world.rotationState).toMatchObject({ intent: { kind: "rotate", key: "authKey2" } });
      world.clock.advance(60_000);
      expect(await world.tick()).toMatchObject({ outcome: "rotated", reason: "due" });
      expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 1 });
    },
  );

  test.for([failsBefore(503), failsBefore(undefined), failsBefore(403)])(
    "and whose keys cannot be listed either is published by the next run, without another (%#)",
    async (listing: Fault) => {
      const world = due().once("regenerateAuthKey", failsAfter(undefined)).once("listAuthKeys", listing, 2);
      expect(await world.tick()).toMatchObject({ outcome: "failed", reason: "unavailable", regenerates: [] });
      world.clock.advance(60_000);
      expect(await world.tick()).toMatchObject({ outcome: "published", reason: "unfinished-rotation" });
      expect(world.published).toBe("authKey2");
      expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 1 });
    },
  );

  test("that shows the value from before counts as lost", async () => {
    const world = due();
    const stale = world.services.runtimeKeys(world.config.id);
    const { authKey2 } = await stale.list({ timeoutMs: 1000 });
    world.once("regenerateAuthKey", (act) => {
      act();
      return authKey2 as never;
    });
    expect(await world.tick()).toMatchObject({ outcome: "rotated", publishedKey: "authKey2" });
    expect(world.published).toBe("authKey2");
    expect(world.versions).toHaveLength(2);
  });

  test("that shows the value from before, as the listing does too, is a failure", async () => {
    const world = due();
    const { authKey2 } = await world.services.runtimeKeys(world.config.id).list({ timeoutMs: 1000 });
    world.once("regenerateAuthKey", () => authKey2 as never);
    expect(await world.tick()).toMatchObject({
      outcome: "failed",
      reason: "unexpected-response",
      regenerates: [],
    });
    expect(world.versions).toHaveLength(1);
  });

  test.for([
    ["and the call ends it itself", undefined],
    ["and the next run ends it", failsBefore(403)],
  ] as const)(
    "is not taken for done by a listing from before a compromise's second half, %s",
    async ([, ending]) => {
      const world = due();
      const live = () => ({
        authKey1: new KeyValue(world.value("authKey1")),
        authKey2: new KeyValue(world.value("authKey2")),
      });
      let old = live();
      world.once(
        "regenerateAuthKey",
        (act) => {
          old = live();
          return act();
        },
        2,
      );
      // The intent is written once for the first half; what removes that of the second is the next.
      if (ending) world.once("setTags", ending, 2);
      await world.call("compromised");
      world.clock.advance(60_000);
      expect(await world.tick()).toMatchObject({ outcome: "kept" });

      world.at("2026-06-01T00:00:00Z");
      world.once("regenerateAuthKey", failsBefore(undefined)).once("listAuthKeys", () => old as never, 2);
      expect(await world.tick()).toMatchObject({ outcome: "failed", reason: "unavailable", regenerates: [] });
      expect([world.published, world.versions.length]).toEqual(["authKey2", 2]);
      world.clock.advance(60_000);
      expect(await world.tick()).toMatchObject({ outcome: "rotated", reason: "due" });
      expect(world.regenerations).toEqual({ authKey1: 2, authKey2: 1 });
    },
  );

  test("is sent once in a run, whatever comes of it", async () => {
    const world = due().once("regenerateAuthKey", failsBefore(500));
    await world.tick();
    expect(world.count("regenerateAuthKey")).toBe(1);
  });
});

describe("the lease", () => {
  test.for(mayStillCome)("is left to run out where an effect may still come (status %s)", async (status) => {
    const world = due().once("regenerateAuthKey", failsBefore(status));
    await world.tick();
    expect(world.count("releaseLease")).toBe(0);
    world.clock.advance(59_999);
    expect(await world.tick()).toMatchObject({ outcome: "deferred", reason: "locked" });
    world.clock.advance(1);
    expect(await world.tick()).toMatchObject({ outcome: "rotated" });
  });

  test.for([...isOver, 400, 401, 403, 404, 409, 429])(
    "is released where none can (status %s)",
    async (status) => {
      const world = due().once("regenerateAuthKey", failsBefore(status));
      await world.tick();
      expect(world.leases.size).toBe(0);
    },
  );

  test("is left to run out even where the key turned out to be regenerated", async () => {
    const world = due().once("regenerateAuthKey", failsAfter(504));
    expect(await world.tick()).toMatchObject({ outcome: "rotated" });
    expect(world.count("releaseLease")).toBe(0);
  });

  test("that cannot be given back does not spoil a run", async () => {
    const world = due().once("releaseLease", failsBefore(503));
    expect(await world.tick()).toMatchObject({ outcome: "rotated" });
  });

  test("whose release shows a defect of this app does not hide it", async () => {
    const world = due().once("releaseLease", () => {
      throw new TypeError("a defect");
    });
    expect(await world.tick()).toMatchObject({ outcome: "failed", reason: "bug", regenerates: ["authKey2"] });
  });
});

test.for([400, 401, 403, 409, 429])(
  "a refused regenerate is not asked about: nothing happened (status %s)",
  async (status) => {
    const world = due().once("regenerateAuthKey", failsBefore(status));
    expect(await world.tick()).toMatchObject({ outcome: "failed", regenerates: [] });
    expect(world.armWrites).toBe(2);
  },
);

describe("a publish whose answer is lost", () => {
  test.for([undefined, 500, 503])(
    "fails, and costs no second key, when it happened (status %s)",
    async (status) => {
      const world = due().once("addVersion", failsAfter(status));
      expect(await world.tick()).toMatchObject({
        outcome: "failed",
        publishedKey: undefined,
        version: undefined,
      });
      expect(await world.tick()).toMatchObject({ outcome: "kept" });
      expect(world.published).toBe("authKey2");
      expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 1 });
    },
  );

  test("is done by the next run when it did not happen", async () => {
    const world = due().once("addVersion", failsBefore(undefined));
    expect(await world.tick()).toMatchObject({ outcome: "failed", regenerates: ["authKey2"] });
    // A write without an answer may still be on its way, so nobody else works here before the lease has run out.
    expect(await world.tick()).toMatchObject({ outcome: "deferred", reason: "locked" });
    world.clock.advance(60_000);
    expect(await world.tick()).toMatchObject({ outcome: "published", reason: "unfinished-rotation" });
    expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 1 });
  });
});

test.for(["getLatest", "listAuthKeys", "acquireLease", "renewLease", "setTags"] as const)(
  "a run whose %s fails before the regenerate regenerates nothing",
  async (operation) => {
    for (const fault of [failsBefore(503), failsAfter(503), failsBefore(undefined), failsAfter(undefined)]) {
      const world = due().once(operation, fault);
      expect(await world.tick()).toMatchObject({ outcome: "failed", reason: "unavailable", regenerates: [] });
      expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 0 });
    }
  },
);
