import type { CallLimit, Services } from "../../../src/services.ts";
import { type MemoryOperation, memoryServices } from "../../support/memoryServices.ts";
import { before, checkEffect } from "../shared/checkEffect.ts";
import { errorOf, serviceOf } from "../shared/serviceErrors.ts";
import { isOfCompromise } from "../shared/stateTag.ts";
import { courseOf, isRead } from "./faults.ts";
import { sourceOf } from "./lists.ts";
import { armRequest } from "./requests.ts";
import { kill, type Run, type Turn } from "./runs.ts";
import { whenLeased, whenPublished } from "./triggers.ts";

/** What a call came to. */
type Result<T> = { readonly value: T } | { readonly error: unknown };

/** The production interfaces as one run sees them: each call takes a random virtual time and may meet a fault. */
export function servicesOf(run: Run): Services {
  const { world } = run;
  const memory = { state: world.azure, leases: world.leases, now: () => world.now };
  // A method hands its limit over here right before the call that it makes.
  let limit: CallLimit = { timeoutMs: 0 };
  const noting = <T extends object>(service: T): T => {
    const methods = service as Record<string, (...given: unknown[]) => unknown>;
    for (const [name, method] of Object.entries(methods)) {
      methods[name] = (...given) => {
        limit = given.at(-1) as CallLimit;
        return method(...given);
      };
    }
    return service;
  };
  const servicesFor = (name: string) => {
    const turn = run.turnOn(name);
    return memoryServices(memory, (operation, effect) => call(turn, operation, limit.timeoutMs, effect));
  };
  return {
    runtimeSource: sourceOf(run),
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

function call<T>(turn: Turn, operation: MemoryOperation, limitMs: number, effect: () => T): Promise<T> {
  const { run, record } = turn;
  const { world, instance } = run;
  const { effectAt, answerAt, failure, fault, dies, twice } = courseOf(turn, operation, limitMs);
  const isArm = serviceOf(operation) === "Azure Resource Manager";
  const kind = operation === "getKind" ? "read" : "write";
  const request = isArm ? armRequest(run, record.config.id.subscriptionId, kind) : undefined;
  let isAnswered = false;
  let isThrottled = false;
  let result: Result<T> | undefined;
  const takeEffect = () => {
    isThrottled = request?.arrives() ?? false;
    if (isThrottled) goesWrong(turn);
    result = isThrottled
      ? { error: errorOf(operation, 429) }
      : effectOf(turn, operation, effect, isAnswered || instance.isDead);
  };
  if (fault !== undefined) {
    world.count(`fault: ${fault}`);
    goesWrong(turn);
    const failed = failure && `(${failure.status ?? failure.code ?? "no answer"})`;
    world.note(record, `${run.name}: ${operation}, ${fault} ${failed ?? ""}`);
  }
  if (effectAt !== undefined) world.at(effectAt, takeEffect);
  if (effectAt !== undefined && twice) world.at(effectAt, takeEffect);
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const answer = () => {
    isAnswered = true;
    if (instance.isDead) return;
    if (isThrottled) request?.answered(429);
    else if (!failure || failure.status !== undefined) request?.answered(failure?.status);
    if (dies) kill(world, instance);
    else if (failure) reject(errorOf(operation, failure.status, failure.code));
    else if (result === undefined) throw new Error("an effect comes before its answer");
    else if ("error" in result) reject(result.error);
    else resolve(result.value);
  };
  world.at(answerAt, answer, true);
  return promise;
}

function goesWrong(turn: Turn): void {
  const { world, instance } = turn.run;
  turn.faults += 1;
  turn.record.wrongAt = world.now;
  instance.troubledAt = world.now;
}

/** Lets one call of a run take effect, keeps the record and checks every promise. */
function effectOf<T>(turn: Turn, operation: MemoryOperation, effect: () => T, isLate: boolean): Result<T> {
  const { record, run } = turn;
  const { world } = run;
  const { key } = record.config.id;
  const isLease = operation.endsWith("Lease");
  const seen = isRead(operation) || isLease ? undefined : before(record);
  let value: T;
  try {
    value = effect();
  } catch (error) {
    return { error };
  }
  if (isLease && run.dryRun) world.fail(record, `a dry run makes a ${operation}`);
  const lease = world.leases.get(key);
  if (operation === "acquireLease" && value === undefined) turn.foundLeased = true;
  else if (operation === "acquireLease") {
    turn.holder = lease?.holder;
    whenLeased(world, record);
  }
  if (seen === undefined) return { value };
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
  return { value };
}
