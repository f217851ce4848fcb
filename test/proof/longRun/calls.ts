import type { CallLimit, Services } from "../../../src/services.ts";
import { type MemoryOperation, memoryServices } from "../../support/memoryServices.ts";
import { before, checkEffect } from "../shared/checkEffect.ts";
import { errorOf } from "../shared/serviceErrors.ts";
import { courseOf, isRead } from "./faults.ts";
import { turnOn } from "./runs.ts";
import { count, fail, nameOf, note, type Run, type Turn, type World } from "./world.ts";

/** The production interfaces as one run sees them: each call takes a random virtual time and may meet a fault. */
export function servicesOf(world: World, run: Run): Services {
  const memory = { state: world.azure, leases: world.leases, now: () => world.scheduler.now };
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
  const servicesFor = (name: string) => {
    const turn = turnOn(world, run, name);
    return memoryServices(memory, (operation, effect) =>
      call(world, turn, operation, limit.timeoutMs, effect),
    );
  };
  return {
    runtimeSource: memoryServices(memory).runtimeSource,
    runtimeKeys: (id) => noting(servicesFor(id.key).runtimeKeys(id)),
    secret: (url, name) => noting(servicesFor(name).secret(url, name)),
    locks: {
      async acquire(id, given) {
        limit = given;
        const lease = await servicesFor(id.key).locks.acquire(id, given);
        return lease && noting(lease);
      },
    },
  };
}

/** The instance is gone with all its runs; the one that takes its place has a clock of its own. */
export function kill(world: World, instance: Run["instance"]): void {
  for (const run of instance.runs) {
    run.dead = true;
    count(world, "runs killed");
    for (const turn of run.turns.values()) {
      turn.record.turns.delete(turn);
      if (turn.holder !== undefined) world.leased(turn.record);
      note(world, turn.record, `${nameOf(run)} is killed`);
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
): Promise<T> {
  const { scheduler } = world;
  const { run, record } = turn;
  const { effectAt, answerAt, failure, fault, dies, twice } = courseOf(world, turn, operation, limitMs);
  let answered = false;
  let outcome: { value: T } | { error: unknown } | undefined;
  const takeEffect = () => {
    outcome = effectOf(world, turn, operation, effect, answered || run.dead);
  };
  if (fault !== undefined) {
    count(world, `fault: ${fault}`);
    turn.faults += 1;
    const told = failure && `(${failure.status ?? failure.code ?? "no answer"})`;
    note(world, record, `${nameOf(run)}: ${operation}, ${fault} ${told ?? ""}`);
  }
  if (effectAt !== undefined) scheduler.at(effectAt, takeEffect);
  if (effectAt !== undefined && twice) scheduler.at(effectAt, takeEffect);
  return new Promise<T>((resolve, reject) => {
    const answer = () => {
      answered = true;
      if (run.dead) return;
      if (dies) kill(world, run.instance);
      else if (failure) reject(errorOf(operation, failure.status, failure.code));
      else if (outcome === undefined) throw new Error("an effect comes before its answer");
      else if ("error" in outcome) reject(outcome.error);
      else resolve(outcome.value);
    };
    scheduler.at(answerAt, answer, true);
  });
}

/** Lets one call of a run take effect, keeps the record and checks every promise. */
function effectOf<T>(
  world: World,
  turn: Turn,
  operation: MemoryOperation,
  effect: () => T,
  isLate: boolean,
): { value: T } | { error: unknown } {
  const { record, run } = turn;
  const isLease = operation.endsWith("Lease");
  const isWrite = !isRead(operation) && !isLease;
  const seen = isWrite ? before(record) : undefined;
  let value: T;
  try {
    value = effect();
  } catch (error) {
    return { error };
  }
  if (isLease && run.asked.dryRun) fail(world, record, `a dry run makes a ${operation}`);
  if (operation === "acquireLease") {
    if (value === undefined) turn.foundLeased = true;
    else turn.holder = world.leases.get(record.config.id.key)?.holder;
    if (value !== undefined) world.leased(record);
  }
  if (seen === undefined) return { value };
  record.writes += 1;
  turn.ownWrites += 1;
  const { now } = world.scheduler;
  const lease = world.leases.get(record.config.id.key);
  const holds = lease !== undefined && lease.holder === turn.holder && lease.until > now;
  const excused = record.acts !== turn.actsAtStart;
  const broken = [...checkEffect(record, seen, now, excused, turn)];
  note(world, record, `${nameOf(run)}: ${isLate ? "late " : ""}${operation}; ${record.describe()}`);
  // What disables a dead version late may find the lease gone: what is dead stays dead.
  if (!holds && !(isLate && operation === "disable")) {
    broken.push(
      `promise 6: a ${isLate ? "late " : ""}${operation} comes while its run does not hold the lease`,
    );
  }
  for (const text of broken) fail(world, record, text);
  if (operation === "addVersion") {
    turn.published += 1;
    world.published(record);
  }
  return { value };
}
