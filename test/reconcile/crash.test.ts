import { describe, expect, test } from "vitest";
import type { RequestKind } from "../../src/plan/runRequest.ts";
import type { KeyName } from "../../src/services.ts";
import { diesAfter, diesBefore } from "../support/faults.ts";
import { World } from "../support/world.ts";

interface Scene {
  make(): World;
  request: RequestKind;
  /** What every run that died and the tick after it have regenerated together, if the first got as far as a write. */
  regenerations: Record<KeyName, number>;
  /** What the vault names in the end. */
  published: KeyName;
}

const published = () => new World().publishedAt("2026-01-01T00:00:00Z");

const scenes: Record<string, Scene> = {
  "a due rotation": {
    make: () => published().at("2026-03-01T00:00:00Z"),
    request: "timer",
    regenerations: { authKey1: 0, authKey2: 1 },
    published: "authKey2",
  },
  "a compromise": {
    make: () => published().at("2026-01-10T00:00:00Z"),
    request: "compromised",
    regenerations: { authKey1: 1, authKey2: 1 },
    published: "authKey2",
  },
  "a compromise of a runtime that the vault does not know": {
    make: () => new World(),
    request: "compromised",
    regenerations: { authKey1: 1, authKey2: 1 },
    published: "authKey2",
  },
  "a compromise under drift": {
    make: () => published().at("2026-01-10T00:00:00Z").regenerateByHand("authKey1"),
    request: "compromised",
    // One of them by hand.
    regenerations: { authKey1: 2, authKey2: 1 },
    published: "authKey2",
  },
  "a repair of drift": {
    make: () => published().regenerateByHand("authKey1"),
    request: "timer",
    regenerations: { authKey1: 1, authKey2: 0 },
    published: "authKey1",
  },
};

describe.for(Object.entries(scenes))("%s", ([, scene]) => {
  test("does what it should where nothing dies", async () => {
    const world = scene.make();
    await world.ask({ kind: scene.request });
    expect(world.regenerations).toEqual(scene.regenerations);
    expect(world.published).toBe(scene.published);
    expect(world.deadAfter).toEqual([]);
  });

  test.for([diesBefore, diesAfter])(
    "that dies at any call is finished by the next tick, and nothing is regenerated twice (%#)",
    async (dies) => {
      let step = 0;
      for (;;) {
        step += 1;
        const world = scene.make();
        const before = { regenerations: world.regenerations, versions: JSON.stringify(world.versions) };
        world.once(undefined, dies, step);
        if ((await world.mayDie(scene.request)) === "lived") break;
        const place = `died at call ${step}: ${world.calls.at(-1)}`;
        const untouched = JSON.stringify(world.versions) === before.versions;
        // The lease of a dead run is over then.
        world.clock.advance(61_000);
        await world.tick();

        expect(world.deadAfter, place).toEqual([]);
        expect(world.published, place).toBeDefined();
        if (untouched && scene.request === "compromised") {
          // Before its first write nobody can know of a compromise: the caller has no answer and calls again.
          expect(world.regenerations, place).toEqual(before.regenerations);
        } else {
          expect(world.regenerations, place).toEqual(scene.regenerations);
          expect(world.published, place).toBe(scene.published);
        }
        world.clock.advance(61_000);
        expect(await world.tick(), place).toMatchObject({ outcome: "kept" });
      }
      // As many as a run cannot do without: it was really tried at every step.
      expect(step).toBeGreaterThan(9);
    },
  );
});
