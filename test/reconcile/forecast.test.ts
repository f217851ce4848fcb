import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryState, worldOf } from "../support/arbitraryWorld.ts";
import { World } from "../support/world.ts";

const kinds = fc.constantFrom("timer", "on-demand", "compromised");

test("what a dry run says, the run itself then does: outcome, reason and the keys that die", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryState, kinds, async (state, kind) => {
      const dry = worldOf(state);
      const before = structuredClone(dry.state);
      const said = await dry.ask({ kind, dryRun: true });
      expect(dry.state).toEqual(before);
      const reads = ["getLatest", "getKind", "listAuthKeys", "getStatus"];
      expect(dry.calls.every((call) => reads.includes(call))).toBe(true);

      const world = worldOf(state);
      const keys = [world.value("authKey1"), world.value("authKey2")];
      const did = await world.ask({ kind });
      expect(did).toMatchObject({
        outcome: said.outcome,
        reason: said.reason,
        regenerates: said.regenerates,
      });
      const changed = (["authKey1", "authKey2"] as const).filter((key, n) => world.value(key) !== keys[n]);
      expect(said.regenerates.toSorted()).toEqual(changed);
    }),
    { numRuns: 600 },
  );
});

test("any state that is ours becomes one that names a live key and stays so, and nothing is regenerated twice", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryState, kinds, async (state, kind) => {
      const world = worldOf(state);
      const { outcome } = await world.ask({ kind });
      expect(world.deadAfter).toEqual([]);
      expect(world.regenerations.authKey1).toBeLessThanOrEqual(1);
      expect(world.regenerations.authKey2).toBeLessThanOrEqual(1);
      if (outcome === "blocked") return;
      expect(world.published).toBeDefined();
      expect(world.latest?.tags.ProviderAddress?.toLowerCase()).toBe(world.config.id.key);

      // What is left, such as a rotation that was due behind a kill, the next tick does. After that nothing changes.
      await world.tick();
      const { regenerations, versions } = structuredClone({
        regenerations: world.regenerations,
        versions: world.versions,
      });
      expect(await world.tick()).toMatchObject({ outcome: "kept" });
      expect(world.regenerations).toEqual(regenerations);
      expect(world.versions).toEqual(versions);
    }),
    { numRuns: 600 },
  );
});

test("a dry run for an unknown secret says what it cannot know", async () => {
  const { message } = await new World().ask({ kind: "on-demand", dryRun: true });
  expect(message).toContain("soft-deleted");
});
