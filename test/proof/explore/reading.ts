import type { SecretVersion } from "../../../local/azure/model/keyVault.ts";
import { type KeyName, otherKey } from "../../../src/services.ts";
import { isOfCompromise, stateOf, type WrittenIntent } from "../shared/stateTag.ts";
import { config, fingerprintOf, isLive, latestOf, ROTATE_EVERY, valueText, type World } from "./world.ts";

/** How long a compromise answers for the next call, in milliseconds (ten minutes). */
const ANSWERS_FOR = 600_000;
const PREFIX = /^IR@[^@]+@/.exec(valueText(1))![0];

/**
 * What a compromise call declares: all that lives, or what is left of a compromise that it finds unfinished. The
 * secret tells that too where two writers did not know of each other and the record is lost.
 */
export function declaredIn(world: World): readonly string[] {
  const { condemned, keys, now } = world;
  const both = [keys.authKey1, keys.authKey2];
  const latest = latestOf(world);
  if (latest === undefined || isForeign(latest)) return both;
  const { intent, compromised } = stateOf(latest.tags);
  const isRecent = (seconds: number) => now - seconds * 1000 < ANSWERS_FOR;
  if (!isOfCompromise(intent)) {
    const isDone = compromised === true && isRecent(latest.created + 1) && isLive(world, latest.value);
    return isDone ? condemned : both;
  }
  if (intent === undefined) return both;
  const since = intent.since ?? (intent.kind === "kill" ? latest.created : 0);
  if (!isRecent(since)) return both;
  const changed = fingerprintOf(keys[intent.key]) !== intent.was;
  const left = condemned.length > 0 ? () => condemned : (values: readonly string[]) => values;
  if (intent.kind === "kill" && keys[intent.key] === latest.value) return both;
  if (intent.kind === "kill") return changed ? condemned : left([keys[intent.key]]);
  return changed ? left([keys[otherKey(intent.key)]]) : both;
}

/** Whether a version owes a part of a compromise. */
export function owesCompromise(version: SecretVersion | undefined): boolean {
  return isOfCompromise(intentOf(version));
}

/** Whether the vault names a key that is dead. A secret that is missing, or not ours, names none. */
export function namesDeadKey(world: World): boolean {
  const latest = latestOf(world);
  return latest?.enabled === true && !isForeign(latest) && !isLive(world, latest.value);
}

export function isForeign({ value, tags }: SecretVersion): boolean {
  return !value.startsWith(PREFIX) && tags.ProviderAddress?.toLowerCase() !== config.id.key;
}

/** Whether a version is older than it may get. */
export function isDue({ created, expires = Number.POSITIVE_INFINITY }: SecretVersion, now: number): boolean {
  return now - created * 1000 - 1000 > ROTATE_EVERY || expires * 1000 <= now;
}

/** Whether what an intent begins was done, and is to be published. */
export function isUnfinished(intent: WrittenIntent | undefined, world: World): boolean {
  if (intent?.kind !== "rotate") return false;
  const value = world.keys[intent.key];
  return value !== latestOf(world)?.value && fingerprintOf(value) !== intent.was;
}

export function intentOf(version: SecretVersion | undefined): WrittenIntent | undefined {
  return stateOf(version?.tags).intent;
}

export function regeneratedKey(before: World, after: World): KeyName | undefined {
  if (before.keys.authKey1 !== after.keys.authKey1) return "authKey1";
  return before.keys.authKey2 !== after.keys.authKey2 ? "authKey2" : undefined;
}
