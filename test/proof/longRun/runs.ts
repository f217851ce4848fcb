import { discover } from "../../../src/reconcile/discover.ts";
import { type RequestKind, run as runOnce } from "../shared/run.ts";
import { servicesOf } from "./calls.ts";
import { checkRun } from "./checkRun.ts";
import { Instance, Run } from "./instance.ts";
import { MINUTE } from "./scheduler.ts";
import { whenLeased } from "./triggers.ts";
import type { Runtime, World } from "./world.ts";

/** How long a late effect of a run may still come: no longer than its lease would have held. */
const LEASE_MS = MINUTE;

/** Begins one run of the production code on an instance drawn at random; a tick finds its runtimes itself. */
export function startRun(
  world: World,
  request: RequestKind,
  records: readonly Runtime[],
  dryRun = false,
): void {
  const { config, random, instances } = world;
  world.count(`run: ${dryRun ? "dry run" : request}`);
  const instance = random.pick(instances);
  const asked = { request, dryRun, runtimes: records.map(({ config }) => config) };
  const declares = request === "compromised" && !dryRun ? records : [];
  const run = new Run(world, asked, instance, declares);
  world.runs.add(run);
  for (const record of declares) record.declare(world.now);
  const { clock, pace } = instance;
  const carryOut = async () => {
    const services = servicesOf(world, run);
    const found = request === "timer" ? await discover(config, services, clock, pace, "timer") : {};
    return await runOnce({ ...asked, ...found }, services, clock, pace);
  };
  const begin = () => {
    if (instance.dead) return;
    carryOut().then(
      (result) => {
        end(world, run);
        checkRun(world, run, result);
      },
      ({ name, message }: Error) =>
        world.fail(world.records[0]!, `promise 7: a whole run threw ${name}: ${message}`),
    );
  };
  world.in(0, begin, true);
}

/** A run has answered, or its process is gone. What it declared counts until its last request has arrived. */
function end(world: World, run: Run): void {
  world.runs.delete(run);
  world.in(LEASE_MS, () => {
    for (const record of run.declares) {
      record.calls -= 1;
      record.settle(world.now, "hand");
    }
  });
}

/** The instance is gone with all its runs; the one that takes its place knows nothing of what it knew. */
export function kill(world: World, instance: Instance): void {
  if (instance.dead) return;
  instance.dead = true;
  for (const run of world.runs) {
    if (run.instance !== instance) continue;
    end(world, run);
    world.count("runs killed");
    for (const { record, holder } of run.turns.values()) {
      record.wrongAt = world.now;
      if (holder !== undefined) whenLeased(world, record);
      world.note(record, `${run.name} is killed`);
    }
    // What it had not come to yet waits for the next tick.
    if (run.asked.request === "timer") for (const record of world.records) record.wrongAt = world.now;
  }
  world.instances[instance.number] = new Instance(world, instance.number);
}
