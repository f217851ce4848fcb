/** What happens in the demo's first part, in order. Each scene checks what it shows. */
import { type KeyName, regenerateAuthKey } from "../azure/model/dataFactory.ts";
import type { Host } from "../host/index.ts";
import { breakLease } from "../lease.ts";
import type { LocalRuntime } from "../view.ts";
import { berlin, FIRST_PART, lisbon } from "./cast.ts";
import { claim } from "./claims.ts";
import { type Event, HOUR, type Stage } from "./stage.ts";
import { aside } from "./table.ts";

/** Nobody loses a key at the first contact. */
export async function adoption(stage: Stage, app: Host): Promise<void> {
  await stage.tick(app, adopted(berlin), adopted(lisbon));
}

/** To authKey2, and back to authKey1. */
export async function rotations(stage: Stage, app: Host): Promise<void> {
  await stage.tickOn(app, "2026-02-01", due(berlin, "tick: 30 days are over", "authKey2"));
  await stage.tickOn(app, "2026-02-13", due(lisbon, "tick: 6 weeks are over", "authKey2"));
  await stage.tickOn(app, "2026-03-04", due(berlin, "tick: 30 days are over, and back again", "authKey1"));
}

/** The app dies at the worst moment: after the regenerate, before the publish. Returns the app that follows. */
export async function crash(stage: Stage, app: Host): Promise<Host> {
  stage.azure.faults.inject({
    operation: "regenerateAuthKey",
    resource: lisbon.id,
    when: "after",
    fault: () => app.kill(),
  });
  await stage.quietUntil(app, "2026-03-28");
  claim("the process was killed in the middle of its tick", await stage.run(app), undefined);
  const killed = "(SIGKILL before the publish)";
  stage.show(
    {
      runtime: lisbon,
      event: "tick: regenerated, then the app is killed",
      outcome: killed,
      renewed: ["authKey1"],
      names: "authKey2",
    },
    killed,
  );

  const next = await stage.startApp(FIRST_PART);
  stage.azure.clock.advance(30_000);
  await stage.tick(next, {
    runtime: lisbon,
    event: "30 s later: the dead run's lock holds",
    outcome: "deferred locked",
    names: "authKey2",
  });
  await breakLease(stage.azure.env.AzureWebJobsStorage ?? "", lisbon);
  console.log(
    aside(
      "(the lock is a lease that ends 60 s after the death; the demo breaks it here, instead of waiting)",
    ),
  );

  await stage.tickOn(next, "2026-03-29", {
    runtime: lisbon,
    event: "next tick: publishes what was begun",
    outcome: "published unfinished-rotation",
    names: "authKey1",
  });
  return next;
}

/** A person regenerates the very key that the vault names. */
export async function drift(stage: Stage, app: Host): Promise<void> {
  const { state, clock } = stage.azure;
  await stage.tickOn(app, "2026-04-04", due(berlin, "tick: 30 days are over", "authKey2"));
  await stage.quietUntil(app, "2026-04-20");
  await stage.tick(app);
  clock.advance(6 * HOUR);
  stage.watch.excuse(lisbon);
  stage.abrupt.push(clock.now());
  regenerateAuthKey(state.dataFactory, lisbon.id, "authKey1", clock.now());
  const byHand = "(by hand)";
  stage.show(
    {
      runtime: lisbon,
      event: "a person regenerates authKey1, which the vault names",
      outcome: byHand,
      renewed: ["authKey1"],
      names: "a dead key",
    },
    byHand,
  );
  await stage.tickOn(app, "2026-04-21", {
    runtime: lisbon,
    event: "next tick: repairs it",
    outcome: "published drift",
    names: "authKey1",
  });
}

/** By a call, and once more before the readers of the old key had their time. */
export async function onDemand(stage: Stage, app: Host): Promise<void> {
  await stage.tickOn(app, "2026-04-25");
  stage.azure.clock.advance(7 * HOUR);
  const first = await stage.call(app, { runtimes: ["berlin"] });
  claim("the call is answered with 200", first.status, 200);
  stage.show(
    {
      runtime: berlin,
      event: "POST /api/rotate",
      outcome: "rotated on-demand",
      renewed: ["authKey1"],
      names: "authKey1",
    },
    first.outcome,
  );
  stage.azure.clock.advance(HOUR);
  const second = await stage.call(app, { runtimes: ["berlin"] });
  claim("the call is answered with 409", second.status, 409);
  stage.show(
    {
      runtime: berlin,
      event: "POST /api/rotate, too soon for the readers: 409",
      outcome: "blocked within-overlap",
      names: "authKey1",
    },
    second.outcome,
  );
}

/** Both keys are known to somebody who should not: neither may live on. */
export async function compromise(stage: Stage, app: Host): Promise<void> {
  await stage.tickOn(app, "2026-05-10");
  stage.azure.clock.advance(11 * HOUR);
  stage.abrupt.push(stage.azure.clock.now());
  const { status, outcome } = await stage.call(app, { runtimes: ["lisbon"], compromised: true });
  claim("the call is answered with 200", status, 200);
  stage.show(
    {
      runtime: lisbon,
      event: "POST /api/rotate, compromised: neither key lives on",
      outcome: "rotated compromised",
      renewed: ["authKey1", "authKey2"],
      names: "authKey2",
    },
    outcome,
  );
}

/** A call reaches a second instance while the first one is rotating. */
export async function twoAtOnce(stage: Stage, app: Host): Promise<void> {
  const second = await stage.startApp(FIRST_PART);
  const refused = Promise.withResolvers<Awaited<ReturnType<Stage["call"]>>>();
  stage.azure.faults.inject({
    operation: "regenerateAuthKey",
    resource: berlin.id,
    fault: async () => {
      await stage.call(second, { runtimes: ["berlin"] }).then(refused.resolve, refused.reject);
    },
  });
  await stage.tickOn(app, "2026-05-26", due(berlin, "tick: 30 days are over", "authKey2"));
  const { status, outcome } = await refused.promise;
  claim("the call is answered with 409", status, 409);
  stage.show(
    {
      runtime: berlin,
      event: "POST to a second instance in the middle of that: 409",
      outcome: "deferred locked",
      names: "authKey2",
    },
    outcome,
  );
}

/** As if nothing had been. */
export async function everyday(stage: Stage, app: Host): Promise<void> {
  await stage.tickOn(app, "2026-06-22", due(lisbon, "tick: 6 weeks are over", "authKey1"));
  await stage.tickOn(app, "2026-06-26", due(berlin, "tick: 30 days are over", "authKey1"));
}

export function adopted(runtime: LocalRuntime, online?: number): Event {
  return {
    runtime,
    event: "first tick: authKey1 published as it is",
    outcome: "published first-contact",
    names: "authKey1",
    ...(online === undefined ? {} : { online }),
  };
}

export function due(runtime: LocalRuntime, event: string, key: KeyName, online?: number): Event {
  return {
    runtime,
    event,
    outcome: "rotated due",
    renewed: [key],
    names: key,
    ...(online === undefined ? {} : { online }),
  };
}
