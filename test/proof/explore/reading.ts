import type { SecretVersion } from "../../../local/azure/model/keyVault.ts";
import { type KeyName, otherKey } from "../../../src/services.ts";
import { isOfCompromise, intentOf as readIntent, type WrittenIntent } from "../shared/stateTag.ts";
import { config, fingerprintOf, isLive, latestOf, valueText, type World } from "./world.ts";

const PREFIX = /^IR@[^@]+@/.exec(valueText(1))![0];

/**
 * What a compromise call declares: all that lives, or what is left of a compromise that it finds unfinished. The
 * secret tells that too where two writers did not know of each other and the record is lost.
 */
export function declaredIn(world: World): readonly string[] {
  const { condemned, keys } = world;
  if (condemned.length > 0) return condemned;
  const intent = owesCompromise(latestOf(world)) ? intentOf(latestOf(world)) : undefined;
  const changed = intent && fingerprintOf(keys[intent.key]) !== intent.was;
  if (intent?.kind === "kill" && !changed) return [keys[intent.key]];
  if (intent?.kind === "rotate" && changed) return [keys[otherKey(intent.key)]];
  return [keys.authKey1, keys.authKey2];
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

export function intentOf(version: SecretVersion | undefined): WrittenIntent | undefined {
  return readIntent(version?.tags);
}

export function regeneratedKey(before: World, after: World): KeyName | undefined {
  if (before.keys.authKey1 !== after.keys.authKey1) return "authKey1";
  return before.keys.authKey2 !== after.keys.authKey2 ? "authKey2" : undefined;
}
