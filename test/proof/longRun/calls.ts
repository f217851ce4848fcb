import type { Services } from "../../../src/services.ts";
import { type MemoryOperation, memoryServices } from "../../support/memoryServices.ts";
import { errorOf, serviceOf } from "../../support/serviceErrors.ts";
import { before, checkEffect } from "../shared/checkEffect.ts";
import { isOfCompromise } from "../shared/stateTag.ts";
import { courseOf, isRead } from "./faults.ts";
import { armRequest, sourceOf } from "./resourceManager.ts";
import { kill, type Run, type Turn } from "./runs.ts";
import { whenLeased, whenPublished } from "./triggers.ts";

/** The production interfaces as one run sees them: each call takes a random virtual time and may meet a fault. */
export function servicesOf(run: Run): Services {
  const { azure: state, leases } = run.world;
  const servicesFor = (name: string) => {
    const turn = run.turnOn(name);
    return memoryServices({ state, leases, now: () => run.world.now }, (operation, effect, { timeoutMs }) =>
      call(turn, operation, effect, timeoutMs),
    );
  };
  return {
    runtimeSource: sourceOf(run),
    runtimeKeys: (id) => servicesFor(id.key).runtimeKeys(id),
    secret: (url, name) => servicesFor(name).secret(url, name),
    locks: { acquire: (id, limit) => servicesFor(id.key).locks.acquire(id, limit) },
  };
}

function call<T>(turn: Turn, operation: MemoryOperation, effect: () => T, limitMs: number): Promise<T> {
  const { run, record } = turn;
  const { world, instance } = run;
  const { effectAt, answerAt, failure, fault, dies, twice } = courseOf(turn, operation, limitMs);
  const isArm = serviceOf(operation) === "Azure Resource Manager";
  const kind = operation === "getKind" ? "read" : "write";
  const request = isArm ? armRequest(run, record.config.id.subscriptionId, kind) : undefined;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let isThrottled = false;
  let settle = () => reject(new Error("an effect comes before its answer"));
  const goesWrong = () => {
    turn.faults += 1;
    record.wrongAt = world.now;
    instance.troubledAt = world.now;
  };
  const takeEffect = () => {
    isThrottled = request?.arrives() ?? false;
    if (isThrottled) goesWrong();
    try {
      if (isThrottled) throw errorOf(operation, 429);
      const value = effectOf(turn, operation, effect, world.now > answerAt || instance.isDead);
      settle = () => resolve(value);
    } catch (error) {
      settle = () => reject(error);
    }
  };
  const answer = () => {
    if (instance.isDead) return;
    if (isThrottled || !failure || failure.status) request?.answered(isThrottled ? 429 : failure?.status);
    if (dies) kill(world, instance);
    else if (failure) reject(errorOf(operation, failure.status, failure.code));
    else settle();
  };
  if (fault !== undefined) {
    world.count(`fault: ${fault}`);
    goesWrong();
    const failed = failure && `(${failure.status ?? failure.code ?? "no answer"})`;
    world.note(record, `${run.name}: ${operation}, ${fault} ${failed ?? ""}`);
  }
  if (effectAt !== undefined) world.at(effectAt, takeEffect);
  if (effectAt !== undefined && twice) world.at(effectAt, takeEffect);
  world.at(answerAt, answer, true);
  return promise;
}

/** Lets one call of a run take effect, keeps the record and checks every promise. */
function effectOf<T>(turn: Turn, operation: MemoryOperation, effect: () => T, isLate: boolean): T {
  const { record, run } = turn;
  const { world } = run;
  const isLease = operation.endsWith("Lease");
  const seen = isRead(operation) || isLease ? undefined : before(record);
  const value = effect();
  const lease = world.leases.get(record.config.id.key);
  if (isLease && run.dryRun) world.fail(record, `a dry run makes a ${operation}`);
  if (operation === "acquireLease" && value === undefined) turn.foundLeased = true;
  else if (operation === "acquireLease") {
    turn.holder = lease?.holder;
    whenLeased(world, record);
  }
  if (seen === undefined) return value;
  record.writes += 1;
  turn.writes += 1;
  const isDisturbed = turn.isDisturbed();
  // Somebody took away a compromise that was declared, and a run that had seen it brings it back.
  if (isDisturbed && isOfCompromise(record.intent)) record.declaredAt ??= world.now;
  for (const text of checkEffect(record, seen, world.now, isDisturbed, turn)) world.fail(record, text);
  const holds = lease !== undefined && lease.holder === turn.holder && lease.until > world.now;
  // What disables a dead version late may find the lease gone: what is dead stays dead.
  if (!holds && !(isLate && operation === "disable")) {
    const what = `${isLate ? "late " : ""}${operation}`;
    world.fail(record, `promise 6: a ${what} comes while its run does not hold the lease`);
  }
  if (operation === "addVersion") {
    turn.published = true;
    whenPublished(world, record);
  }
  return value;
}
