import { describe, expect, test } from "vitest";
import { OutOfTimeError, ServiceError, StaleListingError } from "../../src/errors.ts";
import { KeyValue } from "../../src/keyValue.ts";
import { Deadline } from "../../src/reconcile/deadline.ts";
import { type Observer, observe, observerOf, observeSecret } from "../../src/reconcile/observe.ts";
import { failsBefore } from "../support/faults.ts";
import { World } from "../support/world.ts";

function observerIn(world: World): Observer {
  const { config, clock, services } = world;
  return observerOf(config, services, clock, new Deadline(clock, 55_000));
}

const published = () => new World().publishedAt("2026-01-01T00:00:00Z");

test("both sides are seen, with the time by the vault's clock in whole seconds", async () => {
  const world = published().at("2026-01-02T03:04:05.678Z");
  const { secret, runtime, now } = await observe(observerIn(world));
  expect(now).toBe(Date.parse("2026-01-02T03:04:05Z"));
  expect(secret).toMatchObject({
    state: "readable",
    version: world.latest?.id,
    createdOn: 1_767_225_600_000,
  });
  expect(runtime.state === "self-hosted" && runtime.keys.authKey2.reveal()).toBe(world.value("authKey2"));
});

test("the app's clock stands in where the vault's answer carries no time", async () => {
  const world = published().at("2026-01-02T03:04:05.678Z");
  const observer = observerIn(world);
  const silent: Observer = {
    ...observer,
    secret: {
      ...observer.secret,
      getLatest: async (limit) => ({ ...(await observer.secret.getLatest(limit)), now: undefined }),
    },
  };
  expect((await observeSecret(silent)).now).toBe(Date.parse("2026-01-02T03:04:05.678Z"));
});

describe("missing is a value", () => {
  test("a secret that is not there", async () => {
    expect((await observe(observerIn(new World()))).secret).toEqual({ state: "missing" });
  });

  test("a latest version that is disabled, whatever older ones are", async () => {
    const world = published();
    world.store(world.value("authKey2"), "2026-01-01T00:00:01Z", { enabled: false });
    expect((await observe(observerIn(world))).secret).toEqual({ state: "disabled" });
  });

  test.for([
    ["the runtime", 0],
    ["the factory or the group", 1],
  ] as const)("%s that Azure does not know", async ([, level]) => {
    for (const world of [published(), new World()]) {
      world.state.dataFactory.runtimes = {};
      if (level > 0) world.state.dataFactory.factories = {};
      expect((await observe(observerIn(world))).runtime).toEqual({ state: "missing" });
    }
  });
});

describe("the kind of a runtime", () => {
  test.for(["linked", "managed"] as const)(
    "is asked for before the keys while no secret names it (%s)",
    async (kind) => {
      const world = new World(kind);
      expect((await observe(observerIn(world))).runtime).toEqual({ state: kind });
      expect(world.calls).toEqual(["getLatest", "getKind"]);
    },
  );

  test.for(["linked", "managed"] as const)("explains a listing that was refused (%s)", async (kind) => {
    const world = new World(kind).publishedAt("2026-01-01T00:00:00Z");
    expect((await observe(observerIn(world))).runtime).toEqual({ state: kind });
    expect(world.calls).toEqual(["getLatest", "listAuthKeys", "getKind"]);
  });

  test("that is self-hosted explains nothing: the refusal stays a failure", async () => {
    const world = published().once("listAuthKeys", failsBefore(400));
    await expect(observe(observerIn(world))).rejects.toMatchObject({
      operation: "listAuthKeys",
      status: 400,
    });
  });

  test("that cannot be read either leaves the refusal of the listing", async () => {
    const world = published().once("listAuthKeys", failsBefore(400)).once("getKind", failsBefore(403));
    await expect(observe(observerIn(world))).rejects.toMatchObject({
      operation: "listAuthKeys",
      status: 400,
    });
  });

  test.for([403, 429, 500, undefined])(
    "is not asked about a failure that says what it is (%s)",
    async (status) => {
      const world = published().once("listAuthKeys", failsBefore(status));
      await expect(observe(observerIn(world))).rejects.toBeInstanceOf(ServiceError);
      expect(world.count("getKind")).toBe(0);
    },
  );

  test("of a shared runtime is found out though its keys can be listed", async () => {
    const world = new World();
    world.addRuntime("beta");
    world.state.dataFactory.linkedKeys = "shared";
    const shared = world.state.dataFactory.runtimes[world.config.id.key];
    if (shared)
      Object.assign(shared, { kind: "linked", linkedTo: world.config.id.text.replace("alpha", "beta") });
    expect((await observe(observerIn(world))).runtime).toEqual({ state: "linked" });
  });
});

test("a read that fails wins over every check, on either side", async () => {
  for (const operation of ["getLatest", "listAuthKeys"] as const) {
    const world = published().once(operation, failsBefore(503));
    expect(await world.tick()).toMatchObject({ outcome: "failed", reason: "unavailable" });
  }
  const disabled = published().once("listAuthKeys", failsBefore(403));
  if (disabled.latest) disabled.latest.enabled = false;
  expect(await disabled.tick()).toMatchObject({ outcome: "failed", reason: "access-denied" });
});

test.for([
  ["authKey1", "replaced"],
  ["authKey2", "replaced"],
  ["authKey1", "killed"],
  ["authKey2", "killed"],
] as const)(
  "a listing in which %s has the value that the latest version %s counts as failed",
  async ([key, how]) => {
    const world = new World();
    const dead = new KeyValue(world.value(key)).fingerprint();
    world.publishedAt("2026-01-01T00:00:00Z", "authKey1", { RotationState: JSON.stringify({ [how]: dead }) });
    await expect(observe(observerIn(world))).rejects.toBeInstanceOf(StaleListingError);
    await expect(observe(observerIn(world))).rejects.toThrow(/remove the tag RotationState/);
  },
);

test("nothing is read once the time is over", async () => {
  const world = published();
  const observer = observerIn(world);
  world.clock.advance(55_000);
  await expect(observe(observer)).rejects.toBeInstanceOf(OutOfTimeError);
  expect(world.calls).toEqual([]);
});
