import type { MemoryOperation } from "../../support/memoryServices.ts";
import { type Before, checkEffect } from "./checkEffect.ts";
import { declare } from "./compromise.ts";
import { isRead } from "./faults.ts";
import type { RuntimeRecord } from "./record.ts";
import { count } from "./tally.ts";
import { nameOf } from "./turns.ts";
import { fail, type Turn, type World } from "./world.ts";

type Outcome<T> = { value: T } | { error: unknown };

export interface Call<T> {
  readonly operation: MemoryOperation;
  readonly effect: () => T;
  /** When its run had last seen both keys as it sent this. */
  readonly keysListedAt: number;
  /** Nobody waits for it any longer. */
  readonly isLate: boolean;
}

/** Lets one call of a run take effect, keeps the record and checks every promise. */
export function effectOf<T>(world: World, turn: Turn, call: Call<T>): Outcome<T> {
  const { operation, effect, isLate } = call;
  const { record, run } = turn;
  const before: Before = {
    live: record.live,
    latest: record.latest,
    tags: record.latest?.tags ?? {},
    enabled: operation === "disable" ? record.versions.map(({ enabled }) => enabled) : [],
  };
  const wordsBefore = operation === "regenerateAuthKey" ? record.describeKeys() : "";
  let outcome: Outcome<T>;
  try {
    outcome = { value: effect() };
  } catch (error) {
    outcome = { error };
  }
  const failed = "error" in outcome;
  const how = `${isLate ? "late " : ""}${failed ? "refused " : ""}`;
  if (failed || isRead(operation) || operation.endsWith("Lease")) {
    note(world, turn, operation, how, "");
    if (operation === "getLatest") {
      turn.secretActsAtLook = record.secretActs;
      turn.seesKill = record.intentOf(record.latest)?.kind === "kill";
    }
    if (operation === "listAuthKeys" && !failed) turn.keysListedAt = world.scheduler.now;
    if (operation === "acquireLease" && !failed) {
      if ((outcome as { value: unknown }).value === undefined) turn.foundLeased = true;
      else taken(world, turn);
    }
    if (run.dryRun && operation.endsWith("Lease")) fail(world, record, `a dry run makes a ${operation}`);
    return outcome;
  }

  record.writes += 1;
  turn.ownWrites += 1;
  if (operation === "setTags" || operation === "addVersion") declare(world, turn, operation, before.tags);
  const by = turn.seesKill ? "kill" : "rotation";
  const overtaken = isOvertaken(turn, call, before);
  const broken = [...checkEffect(world, turn, { operation, isLate, before, by, overtaken })];
  record.settle(world.scheduler.now, by, overtaken);
  note(world, turn, operation, how, wordsBefore);
  for (const text of broken) fail(world, record, text);
  if (operation === "regenerateAuthKey") {
    const key = record.keyChangedSince(before.live);
    turn.regenerated.push(key);
    count(world.tally.deaths, record.values.get(before.live[key])!.killedBy!);
  }
  if (operation === "setTags" || operation === "addVersion") turn.wrote = true;
  if (operation === "addVersion") {
    turn.published += 1;
    world.published(record);
  }
  return outcome;
}

/**
 * A person changed the secret after the run's last look at it, or the key after the run had listed it
 * and before its regenerate came. That excuses what DESIGN.md excuses: there is neither fencing nor a conditional write.
 */
function isOvertaken(
  { record, secretActsAtLook }: Turn,
  { operation, keysListedAt }: Call<unknown>,
  before: Before,
) {
  if (record.secretActs !== secretActsAtLook) return true;
  if (operation !== "regenerateAuthKey") return false;
  const killed = record.values.get(before.live[record.keyChangedSince(before.live)])!;
  return killed.mintedBy === "hand" && killed.bornAt >= keysListedAt;
}

function taken(world: World, turn: Turn): void {
  turn.holder = world.leases.get(turn.record.config.id.key)?.holder;
  turn.foundCondemned = turn.record.condemned;
  world.leased(turn.record);
}

function note(
  world: World,
  { record, run }: Turn,
  operation: MemoryOperation,
  how: string,
  keysBefore: string,
): void {
  const seen = seenAfter(record, operation, keysBefore);
  record.events.note(world.scheduler.now, () => `${nameOf(run)}: ${how}${operation}${seen}`, run.id);
}

function seenAfter(record: RuntimeRecord, operation: MemoryOperation, keysBefore: string): string {
  switch (operation) {
    case "getLatest":
    case "setTags":
    case "addVersion":
      return `; ${record.describeSecret()}`;
    case "listAuthKeys":
      return `; ${record.describeKeys()}`;
    case "regenerateAuthKey":
      return `; ${keysBefore} become ${record.describeKeys()}`;
    default:
      return "";
  }
}
