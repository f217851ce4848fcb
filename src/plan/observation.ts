/** What was seen of one runtime, in the vault and at the service that it belongs to. */
import type { RuntimeId } from "../config/runtimeId.ts";
import type { KeyValue } from "../keyValue.ts";
import {
  type AuthKeys,
  KEY_NAMES,
  type KeyName,
  type RuntimeNode,
  type Secret,
  type SecretVersion,
} from "../services.ts";
import { type Intent, NO_STATE, type RotationState } from "./rotationState.ts";
import { stateOf } from "./secretTags.ts";

export type ObservedRuntime =
  | { readonly state: "missing" }
  | { readonly state: "managed" }
  | { readonly state: "linked" }
  | { readonly state: "self-hosted"; readonly keys: AuthKeys };

/** The vault's side alone. */
export interface ObservedSecret {
  readonly secret: Secret;
  /** What the latest version says in its state tag. */
  readonly state: RotationState;
  /** The vault's clock with its answer, in milliseconds since the epoch. */
  readonly now: number;
}

/** Both sides. Missing is a value here; a read that failed never gets this far. */
export interface Observation extends ObservedSecret {
  readonly runtime: ObservedRuntime;
  /** The key whose live value the secret holds: decided by the values alone, whatever a tag says. */
  readonly published: KeyName | undefined;
  /** The runtime's nodes; undefined where they were not asked for, or may not be. */
  readonly nodes: readonly RuntimeNode[] | undefined;
}

/** @throws {UnexpectedAnswerError} for a state tag that this version of the app does not know */
export function observedSecret(id: RuntimeId, secret: Secret, now: number): ObservedSecret {
  return { secret, state: secret.state === "readable" ? stateOf(secret, id) : NO_STATE, now };
}

export function observation(
  seen: ObservedSecret,
  runtime: ObservedRuntime,
  nodes?: readonly RuntimeNode[],
): Observation {
  const { secret } = seen;
  const isComparable = secret.state === "readable" && runtime.state === "self-hosted";
  const published = isComparable ? liveKeyOf(secret.value, runtime.keys) : undefined;
  return { ...seen, runtime, published, nodes };
}

/** Which live key a value is. */
export function liveKeyOf(value: KeyValue, keys: AuthKeys): KeyName | undefined {
  return KEY_NAMES.find((name) => keys[name].equals(value));
}

/** Whether the key of an intent has another value than when the intent was written. */
export function isRegenerated({ key, previousFingerprint }: Intent, keys: AuthKeys): boolean {
  return keys[key].fingerprint() !== previousFingerprint;
}

/** The latest version. An earlier check guarantees that it can be read. */
export function latestOf({ secret }: Pick<Observation, "secret">): SecretVersion {
  if (secret.state !== "readable")
    throw new Error("an earlier check decides for a secret that cannot be read");
  return secret;
}

/** Both keys. An earlier check guarantees that the runtime has them. */
export function keysOf({ runtime }: Pick<Observation, "runtime">): AuthKeys {
  if (runtime.state !== "self-hosted") throw new Error("an earlier check decides for a runtime without keys");
  return runtime.keys;
}

/** The published key. An earlier check guarantees that there is one. */
export function publishedOf({ published }: Pick<Observation, "published">): KeyName {
  if (published === undefined) throw new Error("an earlier check decides where no live key is published");
  return published;
}
