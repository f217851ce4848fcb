/** When a rotation is due, and until when the overlap lasts. */
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import type { SecretVersion } from "../services.ts";

export function isDue(version: SecretVersion, config: RuntimeConfig, now: number): boolean {
  const expired = version.expiresOn !== undefined && version.expiresOn <= now;
  return expired || ageOf(version, now) > config.rotateEvery.ms;
}

/** When the next rotation becomes due, in milliseconds since the epoch. */
export function dueAt(version: SecretVersion, config: RuntimeConfig): number {
  return Math.min(version.createdOn + config.rotateEvery.ms, version.expiresOn ?? Number.POSITIVE_INFINITY);
}

/** A time as messages show it: ISO 8601, UTC, whole seconds. */
export function instant(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** True while readers may still use the superseded key. */
export function isWithinOverlap(version: SecretVersion, config: RuntimeConfig, now: number): boolean {
  return ageOf(version, now) < config.overlap.ms;
}

/** When the overlap is over, in milliseconds since the epoch. */
export function overlapEndsAt(version: SecretVersion, config: RuntimeConfig): number {
  return oldEnoughAt(version, config.overlap.ms);
}

/** `created` has whole seconds: a version may be younger than it says by almost so many milliseconds. */
const CREATED_WITHIN = 1000;

type Created = Pick<SecretVersion, "createdOn">;

/** The age in milliseconds that a version has for certain. */
export function ageOf({ createdOn }: Created, now: number): number {
  return now - createdOn - CREATED_WITHIN;
}

/** When a version has this age for certain, in milliseconds since the epoch. */
export function oldEnoughAt({ createdOn }: Created, ageMs: number): number {
  return createdOn + ageMs + CREATED_WITHIN;
}
