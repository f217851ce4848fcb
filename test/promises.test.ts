import fc from "fast-check";
import { expect, test } from "vitest";
import type { KeyName } from "../src/services.ts";
import { diesAfter, diesBefore, type Fault, failsAfter, failsBefore } from "./support/faults.ts";
import { World } from "./support/world.ts";

const OVERLAP_SECONDS = 86_400;

/** A tick or a call, with something going wrong at one of its calls, some time after the one before. */
const run = fc.record({
  request: fc.constantFrom("timer", "timer", "on-demand"),
  afterHours: fc.constantFrom(1, 12, 25, 24 * 8, 24 * 31),
  fault: fc.constantFrom(
    "none",
    "none",
    "diesBefore",
    "diesAfter",
    "failsBefore",
    "failsAfter",
    "noAnswer",
    "lost",
  ),
  step: fc.integer({ min: 1, max: 15 }),
});

const faults: Record<string, Fault> = {
  diesBefore,
  diesAfter,
  failsBefore: failsBefore(503),
  failsAfter: failsAfter(500),
  noAnswer: failsBefore(undefined),
  lost: failsAfter(undefined),
};

/** Every value that the vault has named, how long it was the latest, and when it died. */
function shortestLife(world: World): number {
  const keys = world.state.dataFactory.runtimes[world.config.id.key]?.keys;
  const lives = [...(keys?.authKey1 ?? []), ...(keys?.authKey2 ?? [])];
  const rests = world.versions.flatMap(({ value }, index) => {
    const next = world.versions.slice(index + 1).find((later) => later.value !== value);
    const died = lives.find((life) => life.value === value)?.diedAt;
    return next === undefined || died === undefined ? [] : [died / 1000 - next.created];
  });
  return Math.min(Number.POSITIVE_INFINITY, ...rests);
}

test("whatever dies, fails or is lost: the vault names a live key, a superseded one lives for the overlap, and it heals", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 12 }), async (runs) => {
      const world = new World().publishedAt("2026-01-01T00:00:00Z");
      for (const { request, afterHours, fault, step } of runs) {
        world.clock.advance(afterHours * 3_600_000);
        const fitting = faults[fault];
        if (fitting !== undefined) world.once(undefined, fitting, step);
        await world.mayDie(request);
        world.calm();
      }
      expect(world.deadAfter).toEqual([]);
      expect(shortestLife(world)).toBeGreaterThanOrEqual(OVERLAP_SECONDS);

      world.clock.advance(61_000);
      const minted = world.state.dataFactory.minted;
      const healed = await world.tick();
      expect(["kept", "published", "rotated"]).toContain(healed.outcome);
      expect(world.published).toBeDefined();
      if (healed.outcome !== "rotated") expect(world.state.dataFactory.minted).toBe(minted);
    }),
    { numRuns: 250 },
  );
});

test("however overlapping runs are interleaved, one works at a time and none does harm", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.constantFrom("timer", "on-demand", "compromised"), { minLength: 2, maxLength: 4 }),
      async (scheduler, requests) => {
        const world = new World().publishedAt("2026-01-01T00:00:00Z").at("2026-03-01T00:00:00Z");
        world.always(undefined, async (act) => {
          await scheduler.schedule(Promise.resolve());
          return act();
        });
        const running = Promise.all(requests.map((kind) => world.ask({ kind })));
        const outcomes = await scheduler.waitFor(running);
        expect(world.deadAfter).toEqual([]);
        // No two runs of this moment have both rotated by age or demand: the overlap has only begun.
        const rotated = outcomes.filter(({ reason }) => reason === "due" || reason === "on-demand");
        expect(rotated.length).toBeLessThanOrEqual(1);
        const told = outcomes.flatMap(({ regenerates }) => regenerates);
        const count = (key: KeyName) => told.filter((regenerated) => regenerated === key).length;
        expect(world.regenerations).toEqual({ authKey1: count("authKey1"), authKey2: count("authKey2") });
      },
    ),
    { numRuns: 150 },
  );
});
