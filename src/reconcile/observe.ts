/** Reads both sides, the vault first and then the keys. A read that fails throws, and so wins over every check. */
import type { Clock } from "../clock.ts";
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import { ServiceError, StaleListingError, UnexpectedAnswerError } from "../errors.ts";
import {
  type Observation,
  type ObservedRuntime,
  type ObservedSecret,
  observation,
  observedSecret,
} from "../plan/observation.ts";
import { namesRuntime } from "../plan/secretTags.ts";
import { type AuthKeys, KEY_NAMES, type RuntimeKeys, type SecretStore, type Services } from "../services.ts";
import type { Deadline } from "./deadline.ts";

/** Where to look, and by when. */
export interface Observer {
  readonly config: RuntimeConfig;
  readonly runtimeKeys: RuntimeKeys;
  readonly secret: SecretStore;
  readonly deadline: Deadline;
  readonly clock: Clock;
  /** Whether the vault has shown or taken the secret before: it cannot be missing then. */
  secretExists: boolean;
}

export function observerOf(
  config: RuntimeConfig,
  services: Services,
  clock: Clock,
  deadline: Deadline,
): Observer {
  return {
    config,
    runtimeKeys: services.runtimeKeys(config.id),
    secret: services.secret(config.vaultUrl, config.secretName),
    deadline,
    clock,
    secretExists: false,
  };
}

export async function observe(observer: Observer): Promise<Observation> {
  return await observeRuntime(observer, await observeSecret(observer));
}

/** Reads the latest version, and the time by the vault's clock, which ages are measured by. */
export async function observeSecret(observer: Observer): Promise<ObservedSecret> {
  const { config, clock, deadline } = observer;
  const { secret, now } = await observer.secret.getLatest(deadline.forRead());
  if (secret.state === "missing" && observer.secretExists) {
    throw new UnexpectedAnswerError(
      `the vault says that secret ${config.secretName} does not exist, although it did a moment ago, so nothing is written; was it just deleted?`,
    );
  }
  observer.secretExists = secret.state !== "missing";
  return observedSecret(config.id, secret, now ?? clock.wall());
}

/**
 * Lists both keys. The runtime's kind is read first if the secret does not say yet that it belongs to this runtime, and
 * afterwards to explain why Azure refused to list them.
 */
export async function observeRuntime(observer: Observer, seen: ObservedSecret): Promise<Observation> {
  return observation(seen, await runtimeOf(observer, seen));
}

async function runtimeOf(observer: Observer, seen: ObservedSecret): Promise<ObservedRuntime> {
  const { config, runtimeKeys, deadline } = observer;
  const { secret } = seen;
  try {
    if (secret.state !== "readable" || !namesRuntime(secret, config.id)) {
      const kind = await runtimeKeys.kind(deadline.forRead());
      if (kind !== "self-hosted") return { state: kind };
    }
    return { state: "self-hosted", keys: await listKeys(observer, seen) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.reason === "runtime-missing") return { state: "missing" };
    return await explainRefusal(observer, error);
  }
}

/** Lists both keys. A listing with a value that the latest version notes as dead counts as a failed read. */
export async function listKeys(
  { config, runtimeKeys, deadline }: Observer,
  { state: { superseded, revoked } }: ObservedSecret,
): Promise<AuthKeys> {
  const keys = await runtimeKeys.list(deadline.forRead());
  const stale = KEY_NAMES.find((name) => [superseded, revoked].includes(keys[name].fingerprint()));
  if (stale === undefined) return keys;
  throw new StaleListingError(
    `the listing of the keys of ${config.id.text} still shows a value of ${stale} that the latest version of the secret notes as dead, so it is out of date and nothing is decided by it; if this lasts for hours, remove the tag RotationState from that version`,
  );
}

async function explainRefusal(
  { runtimeKeys, deadline }: Observer,
  error: ServiceError,
): Promise<ObservedRuntime> {
  // Azure does not document how it refuses to list the keys of a runtime that has none: only the kind tells.
  if (!error.refused || error.reason !== "unexpected-response") throw error;
  const kind = await runtimeKeys.kind(deadline.forRead()).catch(() => undefined);
  if (kind === undefined || kind === "self-hosted") throw error;
  return { state: kind };
}
