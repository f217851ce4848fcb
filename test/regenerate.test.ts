import { expect, test } from "vitest";
import { preceded } from "./support/faults.ts";
import { World } from "./support/world.ts";

const due = () => new World().publishedAt("2026-01-01T00:00:00Z").at("2026-03-01T00:00:00Z");

test("a secret that changes between intent and regenerate defers: another run is at work", async () => {
  const world = due();
  world.once("setTags", (act) => {
    const done = act();
    world.store(world.value("authKey2"), "2026-03-01T00:00:00Z");
    return done;
  });
  expect(await world.tick()).toMatchObject({ outcome: "deferred", reason: "locked", regenerates: [] });
  expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 0 });
});

test("an intent of another run that stands there when it is read back defers", async () => {
  const world = due();
  world.once("setTags", (act) => {
    const done = act();
    const latest = world.latest;
    if (latest)
      latest.tags.RotationState = (latest.tags.RotationState ?? "").replace(/"run":"[^"]+"/, '"run":"other"');
    return done;
  });
  expect(await world.tick()).toMatchObject({ outcome: "deferred", reason: "locked", regenerates: [] });
  expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 0 });
});

test("a lease that is lost when it is renewed defers before anything is regenerated", async () => {
  const world = due();
  world.once(
    "renewLease",
    preceded(() => world.leases.clear()),
  );
  expect(await world.tick()).toMatchObject({ outcome: "deferred", reason: "locked", regenerates: [] });
  expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 0 });
});

test("the key whose value the vault names is not regenerated, whatever the tags say", async () => {
  const world = new World();
  // All tags name authKey2, and so does a rotation that looks begun; the value is that of authKey1.
  const intent = { kind: "rotate", key: "authKey1", was: "0123456789abcdef", run: "run", compromised: true };
  world.publishedAt("2026-01-01T00:00:00Z", "authKey1", {
    CredentialId: "authKey2",
    RotationState: JSON.stringify({ intent }),
  });
  const named = world.value("authKey1");
  world.once("regenerateAuthKey", (act) => {
    expect(world.latest?.value).toBe(named);
    const done = act();
    expect(world.value("authKey1")).toBe(named);
    return done;
  });
  await world.at("2026-03-01T00:00:00Z").tick();
  expect(world.regenerations.authKey2).toBe(1);
  expect(world.deadAfter).toEqual([]);
});

test("a key that comes to be named between plan and regenerate is spared", async () => {
  const world = due();
  // Somebody writes the alternate's value into the very version, past the interface of the service.
  world.once("setTags", (act) => {
    const done = act();
    if (world.latest) world.latest.value = world.value("authKey2");
    return done;
  });
  expect(await world.tick()).toMatchObject({ outcome: "failed", reason: "verification-failed" });
  expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 0 });
});
