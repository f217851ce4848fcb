import { describe, expect, test } from "vitest";
import { Pace } from "../../src/reconcile/pace.ts";
import { reconcile } from "../../src/reconcile/reconcile.ts";
import type { CallLimit, Services } from "../../src/services.ts";
import { World } from "../support/world.ts";

const due = () => new World().publishedAt("2026-01-01T00:00:00Z").at("2026-03-01T00:00:00Z");

describe("a regenerate", () => {
  test("starts with 35 seconds left of the 50 from before the renewal", async () => {
    expect(await due().takes("renewLease", 15_000).tick()).toMatchObject({ outcome: "rotated" });
  });

  test("does not with a millisecond less", async () => {
    const world = due().takes("renewLease", 15_001);
    expect(await world.tick()).toMatchObject({ outcome: "deferred", reason: "out-of-time", regenerates: [] });
    expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 0 });
    expect(await world.tick()).toMatchObject({ outcome: "rotated" });
  });

  test("is given at most 15 seconds, and no call more than the runtime has left", async () => {
    expect(await limitsOf(due())).toMatchObject({
      regenerate: { timeoutMs: 15_000 },
      acquire: { timeoutMs: 55_000 },
      addVersion: { timeoutMs: 50_000 },
    });
  });
});

/** The last limit that each method was given by one tick. */
async function limitsOf(world: World): Promise<Record<string, CallLimit>> {
  const limits: Record<string, CallLimit> = {};
  const noting = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (target, name: keyof T & string) => {
        const method = target[name];
        if (typeof method !== "function") return method;
        return (...args: unknown[]) => {
          limits[name] = args.at(-1) as CallLimit;
          return method.apply(target, args);
        };
      },
    });
  const services: Services = {
    locks: noting(world.services.locks),
    runtimeSource: world.services.runtimeSource,
    runtimeKeys: (id) => noting(world.services.runtimeKeys(id)),
    secret: (url, name) => noting(world.services.secret(url, name)),
  };
  const request = { kind: "timer", named: false, dryRun: false, runtimes: [world.config] } as const;
  await reconcile(request, services, {
    clock: world.clock,
    pace: new Pace(world.clock, 1),
    soakMs: 72_000_000,
  });
  return limits;
}

describe("a write", () => {
  test("starts with 10 seconds left of the 55 from before the lease", async () => {
    expect(await due().takes("listAuthKeys", 45_000).tick()).toMatchObject({ outcome: "rotated" });
    expect(await new World().takes("listAuthKeys", 45_000).tick()).toMatchObject({ outcome: "published" });
  });

  test("does not with a millisecond less", async () => {
    for (const world of [due(), new World()]) {
      const versions = world.versions.length;
      expect(await world.takes("listAuthKeys", 45_001).tick()).toMatchObject({
        outcome: "deferred",
        reason: "out-of-time",
      });
      expect(world.count("setTags") + world.count("addVersion")).toBe(0);
      expect(world.versions).toHaveLength(versions);
      expect(world.leases.size).toBe(0);
    }
  });

  test("carries to its retry that it needs 10 seconds, and a read needs none", async () => {
    const { setTags, addVersion, getLatest, listAuthKeys } = await limitsOf(due());
    expect([setTags, addVersion].map((limit) => limit?.attemptNeedsMs)).toEqual([10_000, 10_000]);
    expect([getLatest, listAuthKeys].map((limit) => limit?.attemptNeedsMs)).toEqual([undefined, undefined]);
  });

  test("that publishes counts from before the renewal", async () => {
    expect(await due().takes("regenerateAuthKey", 40_000).tick()).toMatchObject({ outcome: "rotated" });
    const late = due().takes("regenerateAuthKey", 40_001);
    expect(await late.tick()).toMatchObject({
      outcome: "failed",
      reason: "unavailable",
      publishedKey: "authKey1",
      regenerates: ["authKey2"],
    });
    expect(await late.tick()).toMatchObject({ outcome: "published", reason: "unfinished-rotation" });
    expect(late.regenerations).toEqual({ authKey1: 0, authKey2: 1 });
  });
});

test("a publish that takes all the time is not told as if nothing had been done", async () => {
  const world = new World().takes("addVersion", 55_000);
  expect(await world.tick()).toMatchObject({ outcome: "failed", reason: "unavailable", regenerates: [] });
  expect(await world.tick()).toMatchObject({ outcome: "kept" });
});

test("time that only the wall clock shows counts: the machine may have been suspended", async () => {
  const world = due();
  world.once("listAuthKeys", (act) => {
    world.clock.jump(45_001);
    return act();
  });
  expect(await world.tick()).toMatchObject({ outcome: "deferred", reason: "out-of-time" });
});

test("a wall clock that is set back wins no time", async () => {
  const world = due();
  world.once("listAuthKeys", (act) => {
    world.clock.advance(45_001);
    world.clock.jump(-3_600_000);
    return act();
  });
  expect(await world.tick()).toMatchObject({ outcome: "deferred", reason: "out-of-time" });
});

test("a lease is given back also when nothing is left of the time", async () => {
  const world = due().takes("listAuthKeys", 55_000);
  expect(await world.tick()).toMatchObject({ outcome: "deferred", reason: "out-of-time" });
  expect(world.count("releaseLease")).toBe(1);
  expect(world.leases.size).toBe(0);
});

test("looking spends nothing of the time that the work has", async () => {
  // Without the lease, once; then the same under it.
  const world = new World().publishedAt("2026-01-01T00:00:00Z").regenerateByHand("authKey1");
  world.takes("listAuthKeys", 40_000).takes("listAuthKeys", 40_000, 2);
  expect(await world.tick()).toMatchObject({ outcome: "published", reason: "drift" });
});

// The timer keeps five minutes for the rotations, which begin when every runtime was looked at.
const starts = [
  { kind: "on-demand", lastMs: 94_999 },
  { kind: "timer", lastMs: 1_199_999 },
] as const;

describe.for(starts)("on $kind", ({ kind, lastMs }) => {
  const second = async (firstTakesMs: number) => {
    const world = new World().publishedAt("2026-01-01T00:00:00Z");
    const runtimes = [world.config, world.addRuntime("beta")];
    world.takes("getLatest", firstTakesMs);
    const run = await world.run({ kind, runtimes, concurrency: 1, soakMs: 72_000_000 });
    return { outcome: run.runtimes[1], world };
  };

  test("a runtime whose turn comes just in time is worked on", async () => {
    expect((await second(lastMs)).outcome).toMatchObject({ outcome: "published" });
  });

  test("one whose turn comes a millisecond later is not begun", async () => {
    const { outcome, world } = await second(lastMs + 1);
    expect(outcome).toMatchObject({ outcome: "deferred", reason: "out-of-time", publishedKey: undefined });
    expect(world.count("getLatest")).toBe(1);
  });

  test("no lease is asked for after that either", async () => {
    const world = due().takes("getLatest", lastMs + 1);
    expect(await world.ask({ kind })).toMatchObject({
      outcome: "deferred",
      reason: "out-of-time",
    });
    expect(world.count("acquireLease")).toBe(0);
  });
});

test.for([
  [299_999, "rotated", "due"],
  [300_001, "deferred", "out-of-time"],
] as const)(
  "the timer begins rotations up to 25 minutes: %i ms after the looks",
  async ([ms, outcome, reason]) => {
    const world = due();
    const runtimes = [world.addRuntime("slow"), world.config];
    world.takes("getLatest", 1_199_999).takes("getStatus", ms + 1);
    const run = await world.run({ runtimes, concurrency: 1 });
    expect(run.runtimes[1]).toMatchObject({ outcome, reason });
  },
);

test("a call's work is over before the platform cuts the answer, and what is left is done by the timer", async () => {
  const world = new World().publishedAt("2026-01-01T00:00:00Z");
  world.takes("getLatest", 94_000).takes("listAuthKeys", 40_000);
  world.takes("regenerateAuthKey", 15_000).takes("listAuthKeys", 20_000, 2);
  const outcome = await world.call("compromised");
  expect(outcome).toMatchObject({ outcome: "failed", reason: "unavailable", regenerates: ["authKey2"] });
  expect(outcome.durationMs).toBeLessThanOrEqual(200_000);
  expect(await world.tick()).toMatchObject({ outcome: "rotated", regenerates: ["authKey1"] });
});

test.for(starts)(
  "the time in which its runtimes were looked for is a run's own, on $kind",
  async ({ kind, lastMs }) => {
    const run = async (discoveryMs: number) => {
      const world = due();
      const runtimes = [world.addRuntime("slow"), world.config];
      world.takes("getLatest", lastMs - 60_000);
      return (await world.run({ kind, runtimes, discoveryMs, concurrency: 1 })).runtimes[1];
    };
    expect(await run(60_000)).toMatchObject({ outcome: "rotated" });
    expect(await run(60_001)).toMatchObject({ outcome: "deferred", reason: "out-of-time" });
  },
);

test("a compromise stops waiting for the lease when no runtime may begin any more", async () => {
  const world = due().takes("getLatest", 60_000);
  world.leases.set(world.config.id.key, { holder: "busy", until: Number.POSITIVE_INFINITY });
  const outcome = await world.call("compromised");
  expect(outcome).toMatchObject({ outcome: "deferred", regenerates: [] });
  expect(outcome.durationMs).toBeLessThanOrEqual(95_000);
});
