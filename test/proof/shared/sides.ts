/** One runtime's keys and its secret's versions at one moment, and what they come to by their values alone. */
import type { SecretVersion } from "../../../local/azure/model/keyVault.ts";
import type { RuntimeConfig } from "../../../src/config/runtimeEntry.ts";
import { KeyValue } from "../../../src/keyValue.ts";
import { KEY_NAMES, type KeyName } from "../../../src/services.ts";
import { isOfCompromise, stateOf, type WrittenIntent, type WrittenState } from "./stateTag.ts";

export interface Sides {
  readonly config: RuntimeConfig;
  readonly live: Readonly<Record<KeyName, string>>;
  readonly versions: readonly SecretVersion[];
  readonly isDeleted: boolean;
  /** Whether the runtime itself is deleted, where that can be. */
  readonly isGone?: boolean;
}

/** What the unversioned get shows, disabled or not; undefined where there is none, or the secret is deleted. */
export function latestOf({ isDeleted, versions }: Sides): SecretVersion | undefined {
  return isDeleted ? undefined : versions.at(-1);
}

export function isLive({ live }: Sides, value: string | undefined): boolean {
  return value === live.authKey1 || value === live.authKey2;
}

export function isOurs({ config }: Sides, { tags }: SecretVersion): boolean {
  return tags.ProviderAddress?.toLowerCase() === config.id.key;
}

/** Does not name this runtime, and its value does not begin as those of its keys do. */
export function isForeign(sides: Sides, version: SecretVersion): boolean {
  const [prefix = ""] = /^IR@[^@]+@/.exec(sides.live.authKey1) ?? [];
  return !isOurs(sides, version) && !version.value.startsWith(prefix);
}

/** Whether the vault names a key that is dead. A secret that is missing, or not ours, names none. */
export function namesDeadKey(sides: Sides): boolean {
  const latest = latestOf(sides);
  return latest?.enabled === true && !isForeign(sides, latest) && !isLive(sides, latest.value);
}

/** Whether a version is older than it may get, or has expired. */
export function isDue({ config }: Sides, { created, expires }: SecretVersion, now: number): boolean {
  const isExpired = expires !== undefined && expires * 1000 <= now;
  return isExpired || now - created * 1000 - 1000 > config.rotateEvery.ms;
}

/** What the latest version says of its rotation; nothing where it is not ours. */
export function stateIn(sides: Sides): WrittenState {
  const latest = latestOf(sides);
  return latest && isOurs(sides, latest) ? stateOf(latest.tags) : {};
}

/** Whether what a `rotate` intent begins was done, and is to be published. */
export function isUnfinished(sides: Sides, intent: WrittenIntent | undefined): boolean {
  if (intent?.kind !== "rotate") return false;
  const value = sides.live[intent.key];
  return value !== latestOf(sides)?.value && fingerprintOf(value) !== intent.was;
}

/** Which key has another value now. */
export function changedKey(before: Pick<Sides, "live">, after: Pick<Sides, "live">): KeyName | undefined {
  return KEY_NAMES.find((key) => before.live[key] !== after.live[key]);
}

/** What only a person can put right; undefined where there is nothing of the kind. */
export function blockOf(sides: Sides): string | undefined {
  const latest = latestOf(sides);
  if (sides.isGone) return "runtime-missing";
  if (sides.isDeleted) return "secret-deleted";
  if (latest?.enabled === false) return "secret-disabled";
  return latest && isForeign(sides, latest) ? "secret-not-ours" : undefined;
}

/** What is not as it should be where nobody has to put anything right, as far as both sides tell. */
export function* unhealthy(sides: Sides): Generator<string> {
  const latest = latestOf(sides);
  if (latest === undefined) return yield "there is no secret";
  if (!isLive(sides, latest.value)) yield "the vault names a dead key";
  if (!isOurs(sides, latest)) yield "the latest version is not tagged as ours";
  const { intent } = stateIn(sides);
  if (isOfCompromise(intent)) yield "a compromise is unfinished";
  if (isUnfinished(sides, intent)) yield "a rotation is unfinished";
}

/** The shortened hash by which tags speak of a value. */
export function fingerprintOf(value: string): string {
  const known = fingerprints.get(value) ?? new KeyValue(value).fingerprint();
  fingerprints.set(value, known);
  return known;
}
const fingerprints = new Map<string, string>();
