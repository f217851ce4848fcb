import { describe, expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { readFleet } from "../../src/functions/readFleet.ts";
import { Pace } from "../../src/reconcile/pace.ts";
import type { RuntimeStatus } from "../../src/report/fleetStatus.ts";
import { type Fault, failsBefore } from "../support/faults.ts";
import { configOf, idOf } from "../support/runtime.ts";
import { World } from "../support/world.ts";

async function ask(world: World, runtimes = [world.config]): Promise<readonly RuntimeStatus[]> {
  const config: Config = {
    runtimes,
    concurrency: 2,
    armUrl: "https://management.azure.com",
    patterns: [],
    soak: { text: "PT20H", ms: 72_000_000 },
    clientId: undefined,
    runbookUrl: undefined,
    storage: { kind: "connectionString", connectionString: "UseDevelopmentStorage=true" },
  };
  return (await readFleet(config, world.services, world.clock, new Pace(world.clock, 2))).runtimes;
}

async function look(world: World): Promise<RuntimeStatus | undefined> {
  return (await ask(world))[0];
}

const published = () => new World().publishedAt("2026-01-01T00:00:00Z");

/** What a run left that met with this at its nth regenerate. */
async function leftBy(kind: "timer" | "compromised", fault: Fault, nth = 1): Promise<World> {
  const world = published().at("2026-03-01T00:00:00Z").once("regenerateAuthKey", fault, nth);
  await world.ask({ kind });
  world.clock.advance(60_000);
  return world;
}

test("a healthy runtime is told with all its times, in UTC", async () => {
  const world = new World();
  await world.tick();
  expect(await look(world)).toEqual({
    runtime: idOf("alpha"),
    parent: "contoso",
    name: "alpha",
    secret: "https://contoso.vault.azure.net/secrets/contoso-alpha",
    state: "healthy",
    reason: "not-due",
    message: expect.stringContaining("authKey2"),
    publishedKey: "authKey1",
    nextKey: "authKey2",
    publishedAt: "2026-01-01T00:00:00Z",
    dueAt: "2026-01-31T00:00:00Z",
    expiresAt: "2026-03-02T00:00:00Z",
    nodes: [],
    history: null,
  });
});

describe("every state is told by the check that would decide", () => {
  type Row = [make: () => World | Promise<World>, expected: Partial<RuntimeStatus>];
  const told: Record<string, Row> = {
    "1: a runtime that is managed": [
      () => new World("managed"),
      { state: "blocked", reason: "runtime-not-self-hosted", publishedKey: null, publishedAt: null },
    ],
    "1: a runtime that is linked": [
      () => new World("linked"),
      { state: "blocked", reason: "runtime-linked" },
    ],
    "1: a runtime that is gone, with what the vault still tells": [
      () => {
        const world = published();
        world.state.dataFactory.runtimes = {};
        return world;
      },
      {
        state: "blocked",
        reason: "runtime-missing",
        publishedKey: null,
        publishedAt: "2026-01-01T00:00:00Z",
      },
    ],
    "2: a disabled version": [
      () => {
        const world = published();
        if (world.latest) world.latest.enabled = false;
        return world;
      },
      { state: "blocked", reason: "secret-disabled", publishedAt: null, dueAt: null, expiresAt: null },
    ],
    "2: a secret of somebody else": [
      () => {
        const world = new World();
        world.store("FAKE-password", "2026-01-01T00:00:00Z");
        return world;
      },
      { state: "blocked", reason: "secret-not-ours", publishedKey: null, dueAt: null },
    ],
    "3: no secret yet": [
      () => new World(),
      { state: "unpublished", reason: "first-contact", publishedKey: null, publishedAt: null, dueAt: null },
    ],
    "3: a live key that is not tagged as ours, whose age only starts with first contact": [
      () => {
        const world = new World();
        world.store(world.value("authKey2"), "2025-01-01T00:00:00Z");
        return world;
      },
      {
        state: "unpublished",
        reason: "first-contact",
        publishedKey: "authKey2",
        publishedAt: "2025-01-01T00:00:00Z",
        dueAt: null,
        expiresAt: null,
      },
    ],
    "4: a rotation that was not published": [
      async () => {
        const world = published().at("2026-03-01T00:00:00Z").once("addVersion", failsBefore(500));
        await world.tick();
        return world;
      },
      { state: "unfinished", reason: "unfinished-rotation", publishedKey: "authKey1" },
    ],
    "5: drift": [
      () => published().regenerateByHand("authKey1"),
      { state: "drifted", reason: "drift", publishedKey: null },
    ],
    "6: a pending kill": [
      () => leftBy("compromised", failsBefore(500), 2),
      { state: "unfinished", reason: "compromised", publishedKey: "authKey2" },
    ],
    "6: a kill that only has to be forgotten": [
      async () => (await leftBy("compromised", failsBefore(500), 2)).regenerateByHand("authKey1"),
      { state: "unfinished", publishedKey: "authKey2" },
    ],
    "7: a pending compromise": [
      () => leftBy("compromised", failsBefore(500)),
      { state: "unfinished", reason: "compromised", publishedKey: "authKey1" },
    ],
    "8: expired within the overlap": [
      () => {
        const world = published();
        if (world.latest) world.latest.expires = world.latest.created + 3600;
        return world.at("2026-01-01T02:00:00Z");
      },
      {
        state: "healthy",
        reason: "within-overlap",
        expiresAt: "2026-01-01T01:00:00Z",
        dueAt: "2026-01-01T01:00:00Z",
      },
    ],
    "10: due": [
      () => published().at("2026-03-01T00:00:00Z"),
      { state: "due", reason: "due", publishedKey: "authKey1", dueAt: "2026-01-31T00:00:00Z" },
    ],
    "11: an intent that came to nothing, before it is due": [
      async () => {
        const world = published().at("2026-01-10T00:00:00Z").once("regenerateAuthKey", failsBefore(500));
        await world.call();
        return world;
      },
      { state: "healthy", reason: "not-due", expiresAt: null },
    ],
    "a vault that cannot be read": [
      () => published().always("getLatest", failsBefore(403, "ForbiddenByFirewall")),
      { state: "unreadable", reason: "access-denied", publishedKey: null, publishedAt: null },
    ],
    "keys that cannot be read, with the times that the vault tells": [
      () => published().always("listAuthKeys", failsBefore(429)),
      {
        state: "unreadable",
        reason: "throttled",
        publishedKey: null,
        publishedAt: "2026-01-01T00:00:00Z",
        dueAt: "2026-01-31T00:00:00Z",
      },
    ],
  };
  test.for(Object.entries(told))("%s", async ([, [make, expected]]) => {
    expect(await look(await make())).toMatchObject(expected);
  });
});

test("it reads only, takes no lease and costs two ARM writes for each runtime", async () => {
  const world = published();
  const before = structuredClone(world.state);
  await look(world);
  expect(world.calls).toEqual(["getLatest", "getStatus", "listAuthKeys"]);
  expect(world.state).toEqual(before);
});

test("each runtime is told, in the order configured, whatever the others are", async () => {
  const world = published();
  const runtimes = [configOf("missing"), world.addRuntime("fresh"), world.config];
  expect((await ask(world, runtimes)).map(({ runtime, state }) => [runtime, state])).toEqual([
    [idOf("missing"), "blocked"],
    [idOf("fresh"), "unpublished"],
    [idOf("alpha"), "healthy"],
  ]);
});

test("what is not reached before the platform cuts the answer is unreadable, out of time", async () => {
  const world = published().takes("getLatest", 200_000);
  const runtimes = [world.config, world.addRuntime("beta"), world.addRuntime("gamma")];
  expect((await ask(world, runtimes)).map(({ state, reason }) => [state, reason])).toContainEqual([
    "unreadable",
    "out-of-time",
  ]);
});
