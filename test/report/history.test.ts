import { describe, expect, test } from "vitest";
import { readFleet } from "../../src/functions/readFleet.ts";
import { Pace } from "../../src/reconcile/pace.ts";
import { failsBefore } from "../support/faults.ts";
import { World } from "../support/world.ts";

const CONFIG = {
  concurrency: 2,
  patterns: [],
  armUrl: "https://management.azure.com",
  soak: { text: "PT20H", ms: 72_000_000 },
  clientId: undefined,
  runbookUrl: undefined,
  storage: { kind: "connectionString", connectionString: "UseDevelopmentStorage=true" },
} as const;

async function history(world: World) {
  const config = { ...CONFIG, runtimes: [world.config] };
  return (await readFleet(config, world.services, world.clock, new Pace(world.clock, 2), true)).runtimes[0];
}

describe("the history of a runtime", () => {
  test("tells each version with its key and why it was published, the newest first", async () => {
    const world = new World();
    const first = world.store("IR@FAKE-of-long-ago", "2025-06-01T00:00:00Z");
    world.store(world.value("authKey1"), "2025-12-01T00:00:00Z", {
      tags: { CredentialId: "authKey1", ProviderAddress: world.config.id.text },
    });
    await world.tick();
    await world.at("2026-01-05T00:00:00Z").call();
    expect((await history(world))?.history).toEqual([
      {
        version: world.versions[3]?.id,
        publishedAt: "2026-01-05T00:00:00Z",
        key: "authKey1",
        reason: "on-demand",
        enabled: true,
      },
      {
        version: world.versions[2]?.id,
        publishedAt: "2026-01-01T00:00:00Z",
        key: "authKey2",
        reason: "due",
        enabled: true,
      },
      {
        version: world.versions[1]?.id,
        publishedAt: "2025-12-01T00:00:00Z",
        key: "authKey1",
        reason: null,
        enabled: false,
      },
      { version: first.id, publishedAt: "2025-06-01T00:00:00Z", key: null, reason: null, enabled: false },
    ]);
  });

  test("is cut at 24, and begins with the latest also where several are of one second", async () => {
    const world = new World();
    for (let n = 0; n < 30; n += 1) world.publishedAt("2026-01-01T00:00:00Z");
    const told = (await history(world))?.history ?? [];
    expect(told).toHaveLength(24);
    expect(told[0]?.version).toBe(world.latest?.id);
  });

  test("does not tell a reason of another runtime, nor one that a newer version of the app wrote", async () => {
    const world = new World();
    world.publishedAt("2026-01-01T00:00:00Z", "authKey1", { RotationState: '{"v":2,"reason":"due"}' });
    const other = { ProviderAddress: "/another", RotationState: '{"v":1,"reason":"due"}' };
    world.publishedAt("2025-01-01T00:00:00Z", "authKey1", other);
    expect((await history(world))?.history?.map(({ reason }) => reason)).toEqual([null, null]);
  });

  test("is unknown where it cannot be listed, and changes nothing of the state", async () => {
    const world = new World().publishedAt("2026-01-01T00:00:00Z").always("listVersions", failsBefore(403));
    expect(await history(world)).toMatchObject({ state: "healthy", history: null });
  });

  test("costs one call of the vault for each runtime", async () => {
    const world = new World().publishedAt("2026-01-01T00:00:00Z");
    await history(world);
    expect(world.calls.toSorted()).toEqual(["getLatest", "getStatus", "listAuthKeys", "listVersions"]);
  });
});
