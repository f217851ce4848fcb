import { expect, test } from "vitest";
import { deleteSecret } from "../../local/azure/model/keyVault.ts";
import type { RuntimeConfig } from "../../src/config/runtimeEntry.ts";
import { Pace } from "../../src/reconcile/pace.ts";
import { reconcile } from "../../src/reconcile/reconcile.ts";
import type { Services } from "../../src/services.ts";
import { failsBefore } from "../support/faults.ts";
import { configOf } from "../support/runtime.ts";
import { World } from "../support/world.ts";

const young = () => new World().publishedAt("2026-01-01T00:00:00Z");
const due = () => new World().publishedAt("2026-01-01T00:00:00Z").at("2026-03-01T00:00:00Z");

/** Services with a defect in the part for one runtime. */
function defective(services: Services, broken: RuntimeConfig): Services {
  const boom = () => {
    throw new TypeError("IR@FAKE@value that an error of nobody's making may hold");
  };
  return {
    ...services,
    runtimeKeys: (id) =>
      id.key === broken.id.key
        ? { kind: boom, list: boom, regenerate: boom, nodes: boom }
        : services.runtimeKeys(id),
  };
}

test("one bad runtime stops no other, and each is told in the order asked", async () => {
  const world = due();
  const vault = world.state.keyVault.vaults["contoso.vault.azure.net"];
  const names = ["missing", "managed", "linked", "deleted", "disabled", "held", "defective", "fresh"];
  const others = names.map((name) => {
    if (name === "missing") return configOf(name);
    return world.addRuntime(name, name === "managed" || name === "linked" ? name : "self-hosted");
  });
  await world.run({ runtimes: others.filter(({ id }) => ["deleted", "disabled"].includes(id.name)) });
  if (vault) deleteSecret(vault, "contoso-deleted", world.clock.wall());
  for (const version of vault?.secrets["contoso-disabled"]?.versions ?? []) version.enabled = false;
  world.leases.set(configOf("held").id.key, { holder: "another", until: Number.POSITIVE_INFINITY });

  const { runtimes } = await reconcile(
    { kind: "timer", runtimes: [...others, world.config], named: false, dryRun: false },
    defective(world.services, configOf("defective")),
    { clock: world.clock, pace: new Pace(world.clock, 3), soakMs: 72_000_000 },
  );
  expect(runtimes.map(({ config, outcome, reason }) => [config.id.name, outcome, reason])).toEqual([
    ["missing", "blocked", "runtime-missing"],
    ["managed", "blocked", "runtime-not-self-hosted"],
    ["linked", "blocked", "runtime-linked"],
    ["deleted", "blocked", "secret-deleted"],
    ["disabled", "blocked", "secret-disabled"],
    ["held", "deferred", "locked"],
    ["defective", "failed", "bug"],
    ["fresh", "published", "first-contact"],
    ["alpha", "rotated", "due"],
  ]);
  expect(JSON.stringify(runtimes)).not.toContain("IR@");
});

test("a defect in what is made of one secret stops no other runtime either", async () => {
  const world = young();
  const beta = world.addRuntime("beta");
  world.publishedAt("2026-01-02T00:00:00Z");
  // No vault answers so; the sentence about it is where it breaks.
  for (const { versions } of Object.values(
    world.state.keyVault.vaults["contoso.vault.azure.net"]?.secrets ?? {},
  ))
    for (const version of versions) version.expires = Number.NaN;
  const { runtimes } = await world.run({ runtimes: [world.config, beta] });
  expect(runtimes.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ["failed", "bug"],
    ["published", "first-contact"],
  ]);
});

test("a linked runtime is told as such also where its secret names it and only the listing is refused", async () => {
  const world = new World("linked");
  world.store("FAKE-old-key", "2026-01-01T00:00:00Z", { tags: { ProviderAddress: world.config.id.text } });
  expect(await world.tick()).toMatchObject({ outcome: "blocked", reason: "runtime-linked" });
});

test("no more runtimes are worked on at once than are allowed", async () => {
  const world = due();
  const runtimes = Array.from({ length: 9 }, (_, n) => world.addRuntime(`runtime-${n}`));
  let now = 0;
  let most = 0;
  world.always("acquireLease", async (act) => {
    now += 1;
    most = Math.max(most, now);
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    now -= 1;
    return act();
  });
  const { runtimes: outcomes } = await world.run({ runtimes, concurrency: 8, soakMs: 72_000_000 });
  // A quarter is kept for calls.
  expect(most).toBe(6);
  expect(outcomes.every(({ outcome }) => outcome === "published")).toBe(true);
});

test("two runs at once on one runtime rotate it once; the other one is told that it is locked", async () => {
  const world = due();
  const outcomes = await Promise.all([world.tick(), world.call()]);
  expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(["deferred", "rotated"]);
  expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 1 });
});

test("a run that was overtaken before it had the lease looks again and does nothing twice", async () => {
  const world = due();
  world.once("acquireLease", async (act) => {
    world.once("acquireLease", (rotate) => rotate());
    expect(await world.tick()).toMatchObject({ outcome: "rotated" });
    return act();
  });
  expect(await world.tick()).toMatchObject({
    outcome: "kept",
    reason: "not-due",
    publishedKey: "authKey2",
    version: world.latest?.id,
  });
  expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 1 });
});

test("the lease is held for the work and given back after it, however it ends", async () => {
  const world = due();
  await world.tick();
  expect(world.leases.size).toBe(0);
  expect(world.calls.indexOf("acquireLease")).toBeLessThan(world.calls.indexOf("listAuthKeys"));
  expect(world.calls.at(-1)).toBe("releaseLease");

  const failing = due().once("setTags", () => {
    throw new TypeError("a defect");
  });
  expect(await failing.tick()).toMatchObject({ outcome: "failed", reason: "bug" });
  expect(failing.leases.size).toBe(0);
});

test("a held lease is not waited for on the timer or on demand", async () => {
  for (const kind of ["timer", "on-demand"] as const) {
    const world = due();
    world.leases.set(world.config.id.key, { holder: "another", until: world.clock.wall() + 1 });
    expect(await world.ask({ kind })).toMatchObject({
      outcome: "deferred",
      reason: "locked",
      durationMs: 0,
    });
    expect(world.armWrites).toBe(0);
  }
});

test("a compromise waits until the lease of a dead run is over, and is done then", async () => {
  const world = due();
  world.leases.set(world.config.id.key, { holder: "dead", until: world.clock.wall() + 60_000 });
  const outcome = await world.call("compromised");
  expect(outcome).toMatchObject({ outcome: "rotated", reason: "compromised" });
  expect(outcome.durationMs).toBeLessThanOrEqual(65_000);
});

test("a compromise waits no longer than 65 seconds for a lease that is renewed", async () => {
  const world = due();
  world.leases.set(world.config.id.key, { holder: "busy", until: Number.POSITIVE_INFINITY });
  const outcome = await world.call("compromised");
  expect(outcome).toMatchObject({ outcome: "deferred", reason: "locked", regenerates: [] });
  expect(outcome.durationMs).toBeLessThanOrEqual(65_000);
  expect(outcome.durationMs).toBeGreaterThan(60_000);
});

test("a compromise asks for the lease for the last time when its 65 seconds are over", async () => {
  const world = due().takes("acquireLease", 2000);
  world.leases.set(world.config.id.key, { holder: "dead", until: world.clock.wall() + 65_000 });
  expect(await world.call("compromised")).toMatchObject({ outcome: "rotated", durationMs: 65_000 });
});

test("a dry run takes no lease, writes nothing, and says which keys would die", async () => {
  for (const make of [due, () => new World(), () => due().regenerateByHand("authKey1")]) {
    const world = make();
    world.leases.set(world.config.id.key, { holder: "another", until: Number.POSITIVE_INFINITY });
    const before = structuredClone(world.state);
    const { outcome } = await world.ask({ kind: "compromised", dryRun: true });
    expect(outcome).toBe("rotated");
    expect(world.state).toEqual(before);
    expect(new Set(world.calls)).not.toContain("acquireLease");
  }
});

test("the vault's clock tells ages: the app's own may be ten minutes off", async () => {
  for (const off of [-600_000, 600_000]) {
    const world = new World().publishedAt("2026-01-01T00:00:00Z");
    const skewed = {
      wall: () => world.clock.wall() + off,
      monotonic: () => world.clock.monotonic(),
      sleep: (ms: number) => world.clock.sleep(ms),
    };
    const run = {
      kind: "timer",
      runtimes: [world.config],
      named: false,
      dryRun: false,
    } as const;
    world.at("2026-01-31T00:00:01Z");
    expect(
      (await reconcile(run, world.services, { clock: skewed, pace: new Pace(skewed, 1), soakMs: 72_000_000 }))
        .runtimes[0],
    ).toMatchObject({ outcome: "kept" });
    world.at("2026-01-31T00:00:02Z");
    expect(
      (await reconcile(run, world.services, { clock: skewed, pace: new Pace(skewed, 1), soakMs: 72_000_000 }))
        .runtimes[0],
    ).toMatchObject({ outcome: "rotated" });
  }
});

test("the version that the vault names is told also where its keys cannot be listed or its lease is held", async () => {
  for (const world of [young(), due()]) {
    world.once("listAuthKeys", failsBefore(503));
    expect(await world.tick()).toMatchObject({
      outcome: "failed",
      publishedKey: undefined,
      version: world.latest?.id,
    });
  }
  const held = due();
  held.leases.set(held.config.id.key, { holder: "another", until: Number.POSITIVE_INFINITY });
  expect(await held.tick()).toMatchObject({ outcome: "deferred", version: held.latest?.id });
});
