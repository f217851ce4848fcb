import type { CallLimit, RequestAnswer, Services } from "../../../src/services.ts";
import { type MemoryOperation, memoryServices } from "../../support/memoryServices.ts";
import { before, checkEffect } from "../shared/checkEffect.ts";
import { errorOf, serviceOf } from "../shared/serviceErrors.ts";
import { isOfCompromise } from "../shared/stateTag.ts";
import { courseOf, isRead } from "./faults.ts";
import { Instance } from "./instance.ts";
import { sourceOf } from "./lists.ts";
import { arrives } from "./requests.ts";
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
    runtimeSource: sourceOf(world, run),
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

/** The instance is gone with all its runs; the one that takes its place knows nothing of what it knew. */
export function kill(world: World, instance: Instance): void {
  if (instance.dead) return;
  instance.dead = true;
  for (const run of instance.runs) {
    run.dead = true;
    count(world, "runs killed");
    for (const turn of run.turns.values()) {
      turn.record.turns.delete(turn);
      turn.record.wrongAt = world.scheduler.now;
      if (turn.holder !== undefined) world.leased(turn.record);
      note(world, turn.record, `${nameOf(run)} is killed`);
    }
  }
  // What it had not come to yet waits for the next tick.
  const wasTicking = [...instance.runs].some(({ asked }) => asked.request === "timer");
  if (wasTicking) for (const record of world.records) record.wrongAt = world.scheduler.now;
  instance.runs.clear();
  world.instances[instance.number] = new Instance(world, instance.number);
}

const NOTHING_TOLD = { remaining: undefined, retryAfterMs: undefined };

function goesWrong({ scheduler }: World, turn: Turn): void {
  turn.faults += 1;
  turn.record.wrongAt = scheduler.now;
  turn.run.instance.troubledAt = scheduler.now;
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
  const { instance } = run;
  const { subscriptionId } = record.config.id;
  const kind = operation === "getKind" ? "read" : "write";
  const meter = serviceOf(operation) === "Azure Resource Manager" ? instance.pace : undefined;
  meter?.sent(subscriptionId, kind);
  let answered = false;
  let outcome: { value: T } | { error: unknown } | undefined;
  let told: RequestAnswer | undefined;
  const takeEffect = () => {
    told = meter && arrives(world, instance, subscriptionId, kind);
    if (told?.throttled) {
      goesWrong(world, turn);
      outcome = { error: errorOf(operation, 429) };
      return;
    }
    outcome = effectOf(world, turn, operation, effect, answered || run.dead);
  };
  if (fault !== undefined) {
    count(world, `fault: ${fault}`);
    goesWrong(world, turn);
    const failed = failure && `(${failure.status ?? failure.code ?? "no answer"})`;
    note(world, record, `${nameOf(run)}: ${operation}, ${fault} ${failed ?? ""}`);
  }
  if (effectAt !== undefined) scheduler.at(effectAt, takeEffect);
  if (effectAt !== undefined && twice) scheduler.at(effectAt, takeEffect);
  return new Promise<T>((resolve, reject) => {
    const answer = () => {
      answered = true;
      if (run.dead) return;
      const status = told?.throttled ? 429 : failure?.status;
      if (told || status !== undefined)
        meter?.answered(subscriptionId, kind, { ...NOTHING_TOLD, ...told, throttled: status === 429 });
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
  // Somebody took away a compromise that was declared, and a run that had seen it brings it back.
  if (excused && isOfCompromise(record.intent)) record.declaredAt ??= now;
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
