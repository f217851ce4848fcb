import type { RuntimeId } from "../config/runtimeId.ts";
import type { KeyValue } from "../keyValue.ts";
import { type AuthKeys, KEY_NAMES, type KeyName, type Secret, type SecretVersion } from "../services.ts";
import { type Intent, type RotationState, readState } from "./rotationState.ts";

export type ObservedRuntime =
  | { readonly state: "missing" }
  | { readonly state: "managed" }
  | { readonly state: "linked" }
  | { readonly state: "self-hosted"; readonly keys: AuthKeys };

/** What is, on both sides. Missing is a value here; a read that failed never gets this far. */
export interface Observation {
  readonly secret: Secret;
  readonly runtime: ObservedRuntime;
  /** The vault's clock with its answer, in milliseconds since the epoch. */
  readonly now: number;
}

/** Whether the version says that it belongs to this runtime. ARM ids come back with changed case. */
export function namesRuntime(version: SecretVersion, runtime: RuntimeId): boolean {
  return version.tags.ProviderAddress?.toLowerCase() === runtime.key;
}

/** Our state tag counts only on a version that names this runtime: copied tags speak of another one. */
export function stateOf(version: SecretVersion, runtime: RuntimeId): RotationState {
  return namesRuntime(version, runtime)
    ? readState(version.tags)
    : { intent: undefined, replaced: undefined, killed: undefined };
}

/** Whether the key of an intent has another value than when the intent was written. */
export function isRegenerated({ key, was }: Intent, keys: AuthKeys): boolean {
  return keys[key].fingerprint() !== was;
}

/** Which live key a value is: decided by the values alone, whatever a tag says. */
export function liveKeyOf(value: KeyValue, keys: AuthKeys): KeyName | undefined {
  return KEY_NAMES.find((name) => keys[name].equals(value));
}
