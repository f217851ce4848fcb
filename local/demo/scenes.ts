/** What happens in the demo, in order. Each scene checks what it shows. */
import { type KeyName, regenerateAuthKey } from "../azure/model/dataFactory.ts";
import type { Host } from "../host/index.ts";
import { berlin, lisbon } from "./cast.ts";
import { claim } from "./claims.ts";
import { breakLease } from "./lease.ts";
import { HOUR, type Stage } from "./stage.ts";
import { aside } from "./table.ts";

/** Nobody loses a key at the first contact. */
export async function adoption(stage: Stage, app: Host): Promise<void> {
  const outcomes = await stage.tick(app);
  for (const runtime of [berlin, lisbon]) {
    stage.show(runtime, "first tick: authKey1 published as is", outcomes?.[runtime.name], {
      outcome: "published first-contact",
      names: "authKey1",
    });
  }
}

/** To authKey2, and back to authKey1. */
export async function rotations(stage: Stage, app: Host): Promise<void> {
  let outcomes = await stage.ticksUntil(app, "2026-02-01");
  stage.show(berlin, "tick: 30 days are over", outcomes?.berlin, rotatedTo("authKey2"));
  outcomes = await stage.ticksUntil(app, "2026-02-13");
  stage.show(lisbon, "tick: 6 weeks are over", outcomes?.lisbon, rotatedTo("authKey2"));
  outcomes = await stage.ticksUntil(app, "2026-03-04");
  stage.show(berlin, "tick: and back again", outcomes?.berlin, rotatedTo("authKey1"));
}

/** The app dies at the worst moment: after the regenerate, before the publish. Returns the app that follows. */
export async function crash(stage: Stage, app: Host): Promise<Host> {
  stage.azure.faults.inject({
    operation: "regenerateAuthKey",
    resource: lisbon.id,
    when: "after",
    fault: () => app.kill(),
  });
  const outcomes = await stage.ticksUntil(app, "2026-03-28");
  claim("the process was killed in the middle of its tick", outcomes, undefined);
  stage.show(lisbon, "tick: regenerated, then killed", "(SIGKILL before the publish)", {
    outcome: "(SIGKILL before the publish)",
    renewed: ["authKey1"],
    names: "authKey2",
  });

  const next = await stage.startApp();
  stage.azure.clock.advance(30_000);
  const soon = await stage.tick(next);
  stage.show(lisbon, "30 s later: a dead run's lock holds", soon?.lisbon, {
    outcome: "deferred locked",
    names: "authKey2",
  });
  await breakLease(stage.azure.env.AzureWebJobsStorage ?? "", lisbon);
  console.log(
    aside(
      "(the lock is a lease that ends 60 s after the death; the demo breaks it here, instead of waiting)",
    ),
  );

  const healed = await stage.ticksUntil(next, "2026-03-29");
  stage.show(lisbon, "next tick: publishes what was begun", healed?.lisbon, {
    outcome: "published unfinished-rotation",
    names: "authKey1",
  });
  return next;
}

/** A person regenerates the very key that the vault names. */
export async function drift(stage: Stage, app: Host): Promise<void> {
  const { state, clock } = stage.azure;
  const due = await stage.ticksUntil(app, "2026-04-04");
  stage.show(berlin, "tick: 30 days are over", due?.berlin, rotatedTo("authKey2"));
  await stage.ticksUntil(app, "2026-04-20");
  clock.advance(6 * HOUR);
  stage.watch.excuse(lisbon);
  stage.abrupt.push(clock.now());
  regenerateAuthKey(state.dataFactory, lisbon.id, "authKey1", clock.now());
  stage.show(lisbon, "a person regenerates authKey1", "(by hand)", {
    outcome: "(by hand)",
    renewed: ["authKey1"],
    names: "a dead key",
  });
  const outcomes = await stage.ticksUntil(app, "2026-04-21");
  stage.show(lisbon, "next tick: repairs it", outcomes?.lisbon, {
    outcome: "published drift",
    names: "authKey1",
  });
}

/** By a call, and once more before the readers of the old key had their time. */
export async function onDemand(stage: Stage, app: Host): Promise<void> {
  await stage.ticksUntil(app, "2026-04-25");
  stage.azure.clock.advance(7 * HOUR);
  const first = await stage.call(app, { runtimes: ["berlin"] });
  claim("the call is answered with 200", first.status, 200);
  stage.show(berlin, "POST /api/rotate", first.outcomes.berlin, {
    outcome: "rotated on-demand",
    renewed: ["authKey1"],
    names: "authKey1",
  });
  stage.azure.clock.advance(HOUR);
  const second = await stage.call(app, { runtimes: ["berlin"] });
  claim("the call is answered with 409", second.status, 409);
  stage.show(berlin, "POST /api/rotate, too soon: 409", second.outcomes.berlin, {
    outcome: "blocked within-overlap",
    names: "authKey1",
  });
}

/** Both keys are known to somebody who should not: neither may live on. */
export async function compromise(stage: Stage, app: Host): Promise<void> {
  await stage.ticksUntil(app, "2026-05-10");
  stage.azure.clock.advance(11 * HOUR);
  stage.abrupt.push(stage.azure.clock.now());
  const { status, outcomes } = await stage.call(app, { runtimes: ["lisbon"], compromised: true });
  claim("the call is answered with 200", status, 200);
  stage.show(lisbon, "POST /api/rotate, compromised", outcomes.lisbon, {
    outcome: "rotated compromised",
    renewed: ["authKey1", "authKey2"],
    names: "authKey2",
  });
}

/** A call reaches a second instance while the first one is rotating. */
export async function twoAtOnce(stage: Stage, app: Host): Promise<void> {
  const second = await stage.startApp();
  const refused = Promise.withResolvers<Awaited<ReturnType<Stage["call"]>>>();
  stage.azure.faults.inject({
    operation: "regenerateAuthKey",
    resource: berlin.id,
    fault: async () => {
      await stage.call(second, { runtimes: ["berlin"] }).then(refused.resolve, refused.reject);
    },
  });
  const outcomes = await stage.ticksUntil(app, "2026-05-26");
  stage.show(berlin, "tick: 30 days are over", outcomes?.berlin, rotatedTo("authKey2"));
  const { status, outcomes: other } = await refused.promise;
  claim("the call is answered with 409", status, 409);
  stage.show(berlin, "POST to 2nd instance meanwhile: 409", other.berlin, {
    outcome: "deferred locked",
    names: "authKey2",
  });
}

/** As if nothing had been. */
export async function everyday(stage: Stage, app: Host): Promise<void> {
  let outcomes = await stage.ticksUntil(app, "2026-06-22");
  stage.show(lisbon, "tick: 6 weeks are over", outcomes?.lisbon, rotatedTo("authKey1"));
  outcomes = await stage.ticksUntil(app, "2026-06-26");
  stage.show(berlin, "tick: 30 days are over", outcomes?.berlin, rotatedTo("authKey1"));
}

function rotatedTo(key: KeyName) {
  return { outcome: "rotated due", renewed: [key], names: key };
}
