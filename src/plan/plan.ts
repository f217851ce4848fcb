import type { RuntimeConfig } from "../config/config.ts";
import { KeyValue } from "../keyValue.ts";
import { checks } from "./checks.ts";
import type { Decision, Facts } from "./decision.ts";
import { type Observation, type ObservedRuntime, type ObservedSecret, observation } from "./observation.ts";
import { MAY, type Turn } from "./rollout.ts";
import type { RequestKind } from "./runRequest.ts";
import { namesRuntime, taggedKey } from "./secretTags.ts";

/** Decides what is to be done about one runtime. Pure: no waiting, no clock, no logging. */
export function plan(
  seen: Observation,
  config: RuntimeConfig,
  kind: RequestKind,
  turn: Turn = MAY,
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
  throw new Error("the last check decides always");
}

/**
 * What the secret alone, without asking for the keys, shows to be done: what is decided if its value is live and the
 * other key is one that nobody has seen. Undefined where there is nothing to do, or where only the keys can tell.
 */
export function workBySecret(
  seen: ObservedSecret,
  config: RuntimeConfig,
  kind: RequestKind,
): Decision | undefined {
  const { secret } = seen;
  // Whose it is, or what to do with what is no key, the keys have to tell.
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
