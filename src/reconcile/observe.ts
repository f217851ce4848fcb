import type { Clock } from "../clock.ts";
import type { RuntimeConfig } from "../config/config.ts";
import { ServiceError, StaleListingError } from "../errors.ts";
import { namesRuntime, type Observation, type ObservedRuntime, stateOf } from "../plan/observation.ts";
import { STATE_TAG } from "../plan/rotationState.ts";
import { type AuthKeys, KEY_NAMES, type RuntimeKeys, type Secret, type SecretStore } from "../services.ts";
import type { Deadline } from "./deadline.ts";

/** Where to look, and by when. */
export interface Observer {
  readonly config: RuntimeConfig;
  readonly runtimeKeys: RuntimeKeys;
  readonly secret: SecretStore;
  readonly deadline: Deadline;
  readonly clock: Clock;
}

/** Reads the vault, then ARM. Missing is a value; a read that fails throws and wins over every check. */
export async function observe(observer: Observer): Promise<Observation> {
  const reading = await observeSecret(observer);
  return { ...reading, runtime: await observeRuntime(observer, reading.secret) };
}

/** Reads the latest version, and the time by the vault's clock, which is what ages are told by. */
export async function observeSecret(observer: Observer): Promise<{ secret: Secret; now: number }> {
  const { secret, now } = await observer.secret.getLatest(observer.deadline.forRead());
  return { secret, now: now ?? observer.clock.wall() };
}

/**
 * Asks ARM for both keys. What kind of runtime it is is asked before only where the secret does not
 * say yet that it belongs to this runtime, and after to explain a listing that was refused.
 */
export async function observeRuntime(observer: Observer, secret: Secret): Promise<ObservedRuntime> {
  const { config, runtimeKeys, deadline } = observer;
  try {
    if (secret.state !== "readable" || !namesRuntime(secret, config.id)) {
      const kind = await runtimeKeys.kind(deadline.forRead());
      if (kind !== "self-hosted") return { state: kind };
    }
    const keys = await listKeys(observer, secret);
    return { state: "self-hosted", keys };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.reason === "runtime-missing") return { state: "missing" };
    return await explainRefusal(observer, error);
  }
}

/** Lists both keys; a listing that shows a value that the latest version notes as dead counts as a failed read. */
export async function listKeys(observer: Observer, secret: Secret): Promise<AuthKeys> {
  const { config, runtimeKeys, deadline } = observer;
  const keys = await runtimeKeys.list(deadline.forRead());
  if (secret.state !== "readable") return keys;
  const { replaced, killed } = stateOf(secret, config.id);
  const stale = KEY_NAMES.find((name) => [replaced, killed].includes(keys[name].fingerprint()));
  if (stale === undefined) return keys;
  throw new StaleListingError({
    service: "Azure Resource Manager",
    operation: "listAuthKeys",
    target: config.id.text,
    reason: "unexpected-response",
    explanation: `${stale} still has a value that the latest version of the secret notes as dead, so the listing is out of date and nothing is decided by it; should this last for hours, remove the tag ${STATE_TAG} from that version`,
    status: undefined,
    code: undefined,
    requestId: undefined,
    cause: undefined,
  });
}

async function explainRefusal(
  { runtimeKeys, deadline }: Observer,
  error: ServiceError,
): Promise<ObservedRuntime> {
  // The code with which ARM refuses a runtime that has no keys of its own is not documented: only its kind tells.
  if (!error.refused || error.reason !== "unexpected-response") throw error;
  const kind = await runtimeKeys.kind(deadline.forRead()).catch(() => undefined);
  if (kind === undefined || kind === "self-hosted") throw error;
  return { state: kind };
}
