import type { CallLimit, Services } from "../../../src/services.ts";
import { type Around, type MemoryOperation, memoryServices } from "../../support/memoryServices.ts";
import { effectOf } from "./effects.ts";
import { courseOf, errorOf } from "./faults.ts";
import { count } from "./tally.ts";
import { nameOf, turnOn } from "./turns.ts";
import type { Instance, Run, Turn, World } from "./world.ts";

/** The production interfaces as one run sees them: each call takes a random virtual time and may meet a fault. */
export function servicesOf(world: World, run: Run): Services {
  const memory = { state: world.azure, leases: world.leases, now: () => world.scheduler.now };
  const turnOf = (name: string) => turnOn(world, run, world.byName.get(name)!);
  // A method hands its limit over here right before the call that it makes.
  let limit: CallLimit = { timeoutMs: 0 };
  const noting = <T extends object>(service: T): T => {
    const methods = Object.entries(service as Record<string, (...given: unknown[]) => unknown>);
    const noted = methods.map(([name, method]) => [
      name,
      (...given: unknown[]) => {
        limit = given.at(-1) as CallLimit;
        return method(...given);
      },
    ]);
    return Object.fromEntries(noted) as T;
  };
  const servicesFor = (turn: Turn) =>
    memoryServices(memory, (operation, effect) => call(world, turn, operation, limit.timeoutMs, effect));
  return {
    runtimeSource: memoryServices(memory).runtimeSource,
    runtimeKeys: (id) => noting(servicesFor(turnOf(id.key)).runtimeKeys(id)),
    secret: (url, name) => noting(servicesFor(turnOf(name)).secret(url, name)),
    locks: {
      async acquire(id, given) {
        limit = given;
        const { locks } = servicesFor(turnOf(id.key));
        const lease = await locks.acquire(id, given);
        return lease && noting(lease);
      },
    },
  };
}

/** The instance is gone with all its runs; the one that takes its place has a clock of its own. */
export function kill(world: World, instance: Instance): void {
  for (const run of instance.runs) {
    run.dead = true;
    world.tally.runsKilled += 1;
    for (const turn of run.turns.values()) {
      const { record } = turn;
      record.turns.delete(turn);
      if (turn.holder !== undefined) world.leased(record);
      record.events.note(world.scheduler.now, () => `${nameOf(run)} is killed`, run.id);
    }
  }
  instance.runs.clear();
  instance.skew = world.random.between(-10, 10) * 60_000;
}

function call<T>(
  world: World,
  turn: Turn,
  operation: MemoryOperation,
  limitMs: number,
  effect: () => T,
): ReturnType<Around> & Promise<T> {
  const { scheduler, tally } = world;
  const { run, record } = turn;
  const course = courseOf(world, turn, operation, limitMs);
  const { effectAt, answerAt, failure, fault } = course;
  let answered = false;
  let outcome: { value: T } | { error: unknown } | undefined;
  const { keysListedAt } = turn;
  const takeEffect = () => {
    outcome = effectOf(world, turn, { operation, effect, keysListedAt, isLate: answered || run.dead });
  };
  if (fault !== undefined) {
    count(tally.faults, fault);
    turn.faults += 1;
    const status = failure && (failure.status ?? failure.code ?? "no answer");
    const words = `${nameOf(run)}: ${operation} ${course.dies || failure ? "will be " : "is "}${fault}${status ? ` (${status})` : ""}`;
    record.events.note(scheduler.now, () => words, run.id);
  }
  if (effectAt !== undefined) scheduler.at(effectAt, takeEffect);
  if (effectAt !== undefined && course.twice) scheduler.at(effectAt, takeEffect);
  return new Promise<T>((resolve, reject) => {
    scheduler.at(
      answerAt,
      () => {
        answered = true;
        if (run.dead) return;
        if (course.dies) kill(world, run.instance);
        else if (failure) reject(errorOf(operation, failure));
        else if (outcome === undefined) throw new Error("an effect comes before its answer");
        else if ("error" in outcome) reject(outcome.error);
        else resolve(outcome.value);
      },
      true,
    );
  });
}
