/** Decides what is to be done about one runtime, from what was read of both sides or of the secret alone. */
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import { KeyValue } from "../keyValue.ts";
import { checks } from "./checks.ts";
import type { Decision, Facts } from "./decision.ts";
import { type Observation, type ObservedRuntime, type ObservedSecret, observation } from "./observation.ts";
import { ALLOWED, type Turn } from "./rollout.ts";
import type { RequestKind } from "./runRequest.ts";
import { namesRuntime, taggedKey } from "./secretTags.ts";

/** Asks the checks in their order. Pure: no waiting, no clock, no logging. */
export function plan(
  seen: Observation,
  config: RuntimeConfig,
  kind: RequestKind,
  turn: Turn = ALLOWED,
): Decision {
  const { intent } = seen.state;
  const isPending = intent?.kind === "rotate" && intent.compromised;
  const facts: Facts = {
    ...seen,
    intent,
    compromised: kind === "compromised" || isPending,
    config,
    kind,
    turn,
  };
  for (const check of checks) {
    const decision = check(facts);
    if (decision) return decision;
  }
  throw new Error("the last check always decides");
}

/**
 * What the secret alone shows to be done, so that the keys need not be listed yet. It is decided as if the secret held
 * a live key and the other key were new. Undefined if there is nothing to do, or if only the keys can tell.
 */
export function workBySecret(
  seen: ObservedSecret,
  config: RuntimeConfig,
  kind: RequestKind,
): Decision | undefined {
  const { secret } = seen;
  // Only the keys can tell whose the secret is, or what to do about a value that is not a key.
  const isOurs = secret.state !== "readable" || (namesRuntime(secret, config.id) && secret.value.isAuthKey());
  if (!isOurs) return undefined;
  const decision = plan(observation(seen, presumedRuntime(seen)), config, kind);
  return decision.action === "keep" || decision.action === "block" ? undefined : decision;
}

const UNSEEN = new KeyValue("IR@unseen");

function presumedRuntime({ secret }: ObservedSecret): ObservedRuntime {
  const unseen = { authKey1: UNSEEN, authKey2: UNSEEN };
  if (secret.state !== "readable") return { state: "self-hosted", keys: unseen };
  const key = taggedKey(secret);
  return { state: "self-hosted", keys: { ...unseen, [key]: secret.value } };
}
