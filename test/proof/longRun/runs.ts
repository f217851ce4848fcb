import type { Clock } from "../../../src/clock.ts";
import type { RequestKind } from "../../../src/plan/runRequest.ts";
import { reconcile } from "../../../src/reconcile/reconcile.ts";
import { servicesOf } from "./calls.ts";
import { endOfRun } from "./endOfRun.ts";
import type { RuntimeRecord } from "./record.ts";
import type { Run, World } from "./world.ts";

export interface Asked {
  readonly request: RequestKind;
  readonly records: readonly RuntimeRecord[];
  readonly dryRun?: boolean;
}

/** Begins one run of the production `reconcile` on an instance drawn at random. */
export function startRun(
  world: World,
  { request, records, dryRun = false }: Asked,
  trigger = triggerOf(request),
): void {
  const { scheduler, config, tally, random } = world;
  tally.runs += 1;
  if (dryRun) tally.dryRuns += 1;
  const instance = random.pick(world.instances);
  const run: Run = {
    id: tally.runs,
    trigger,
    request,
    dryRun,
    instance,
    turns: new Map(),
    dead: false,
  };
  instance.runs.add(run);
  const began = scheduler.now;
  const { skew } = instance;
  const clock: Clock = {
    wall: () => scheduler.now + skew,
    monotonic: () => scheduler.now - began,
    sleep: (ms) =>
      new Promise((resolve) => {
        scheduler.in(ms, () => run.dead || resolve(), true);
      }),
  };
  const asked = {
    kind: request,
    named: request !== "timer",
    dryRun,
    runtimes: records.map(({ config }) => config),
  };
  scheduler.in(
    0,
    () => {
      if (run.dead) return;
      reconcile(asked, servicesOf(world, run), {
        clock,
        concurrency: config.concurrency,
        soakMs: 72_000_000,
      }).then(
        (result) => endOfRun(world, run, result),
        (error: Error) => {
          world.violation ??= `promise 7: a whole run threw ${error.name}: ${error.message}`;
          scheduler.stop();
        },
      );
    },
    true,
  );
}

function triggerOf(request: RequestKind): Run["trigger"] {
  return request === "timer" ? "timer" : "http";
}
