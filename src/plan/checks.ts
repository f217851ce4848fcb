import type { BlockedReason } from "../errors.ts";
import { type AuthKeys, type KeyName, otherKey } from "../services.ts";
import { isRegenerated, namesRuntime } from "./observation.ts";
import type { Decision, Facts } from "./plan.ts";
import { type Intent, NO_RUN } from "./rotationState.ts";
import { dueAt, instant, isDue, isWithinOverlap, overlapEndsAt } from "./schedule.ts";

type Check = (facts: Facts) => Decision | undefined;

/** In order; the first that holds decides. The numbers are those of the table in docs/how-it-works.md. */
export const checks: readonly Check[] = [
  secretIsDisabled, // 2
  secretIsNotOurs, // 2
  keyIsNotYetPublished, // 3
  rotationIsUnfinished, // 4
  publishedKeyIsNotLive, // 5
  killIsPending, // 6
  keysAreCompromised, // 7
  overlapIsRunning, // 8
  rotationIsRequested, // 9
  rotationIsDue, // 10
];

/** Check 1: only a self-hosted runtime has keys of its own. */
export function runtimeHasNoKeys(state: "missing" | "managed" | "linked"): Decision {
  switch (state) {
    case "missing":
      return block(
        "runtime-missing",
        "Azure knows no integration runtime of this id; correct RUNTIMES, or create the runtime again",
      );
    case "managed":
      return block(
        "runtime-not-self-hosted",
        "this integration runtime is managed by Azure and has no auth keys; remove it from RUNTIMES",
      );
    case "linked":
      return block(
        "runtime-linked",
        "this integration runtime is shared from another factory, where its keys are; configure that one instead",
      );
  }
}

function secretIsDisabled({ secret }: Facts): Decision | undefined {
  if (secret.state !== "disabled") return undefined;
  return block(
    "secret-disabled",
    "the latest version of the secret is disabled, so no node can read a key; enable it, or delete and purge the secret to start afresh",
  );
}

function secretIsNotOurs({ secret, keys, published, config }: Facts): Decision | undefined {
  if (secret.state !== "readable" || published !== undefined) return undefined;
  if (namesRuntime(secret, config.id) || secret.value.isOfSameRuntimeAs(keys.authKey1)) return undefined;
  return block(
    "secret-not-ours",
    "the secret holds something that is not a key of this runtime, and its ProviderAddress tag does not name it; give this runtime another secretName, or remove that secret",
  );
}

function keyIsNotYetPublished(facts: Facts): Decision | undefined {
  const { secret, published, config, now } = facts;
  if (secret.state === "readable" && (published === undefined || namesRuntime(secret, config.id)))
    return undefined;
  const key = published ?? "authKey1";
  const firstRotation = instant(now + config.rotateEvery.ms);
  return {
    action: "publish",
    reason: "first-contact",
    key,
    replaced: undefined,
    intent: facts.compromised ? compromiseOf(otherKey(key), facts.keys) : undefined,
    message: `${key} is published as it is and nothing is regenerated; the first rotation, due ${firstRotation}, regenerates ${otherKey(key)}: move every reader to the secret before that`,
  };
}

function rotationIsUnfinished({ intent, keys, published, request }: Facts): Decision | undefined {
  if (intent?.kind !== "rotate" || intent.key === published) return undefined;
  if (!isRegenerated(intent, keys)) return undefined;
  const other = otherKey(intent.key);
  return {
    action: "publish",
    reason: "unfinished-rotation",
    key: intent.key,
    replaced: intent.was,
    // A compromise that this very intent began needs only its second half; one declared since needs both.
    intent: intent.compromised
      ? { kind: "kill", key: other, was: keys[other].fingerprint() }
      : request === "compromised"
        ? compromiseOf(other, keys)
        : undefined,
    message: `an earlier run regenerated ${intent.key} and did not get to publish it; it is published now, without being regenerated again`,
  };
}

function publishedKeyIsNotLive(facts: Facts): Decision | undefined {
  const { secret, published, compromised, keys } = facts;
  if (published !== undefined || secret.state !== "readable") return undefined;
  const tagged = secret.tags.CredentialId === "authKey2" ? "authKey2" : "authKey1";
  // A key that is still to be killed is the one key that must not be published.
  const kill = killLeft(facts);
  const key = kill ? otherKey(kill.key) : tagged;
  const found = secret.value.isAuthKey()
    ? "the secret named a dead key, so somebody regenerated it by hand"
    : "the secret held something that is no auth key";
  return {
    action: "publish",
    reason: "drift",
    key,
    replaced: secret.value.fingerprint(),
    intent: kill ?? (compromised ? compromiseOf(otherKey(key), keys) : undefined),
    message: `${found}; the live value of ${key} is published`,
  };
}

function killIsPending(facts: Facts): Decision | undefined {
  const { intent, keys, published, request } = facts;
  if (intent?.kind !== "kill" || published === undefined) return undefined;
  const { key } = intent;
  if (!killLeft(facts)) {
    return {
      action: "forget",
      intent: request === "compromised" ? compromiseOf(otherKey(published), keys) : undefined,
      message: `the compromised value of ${key} is dead already`,
    };
  }
  return {
    action: "kill",
    reason: "compromised",
    key,
    message: `an earlier compromise call was cut short; ${key}, the key that the secret does not name, is regenerated to finish it`,
  };
}

function keysAreCompromised({ compromised, published }: Facts): Decision | undefined {
  if (!compromised || published === undefined) return undefined;
  const key = otherKey(published);
  return {
    action: "rotate",
    reason: "compromised",
    key,
    message: `both keys are declared compromised: ${key} is regenerated and published, then ${published} is regenerated, without regard to the overlap`,
  };
}

function overlapIsRunning(facts: Facts): Decision | undefined {
  const { secret, config, request, now } = facts;
  if (secret.state !== "readable" || !isWithinOverlap(secret, config, now)) return undefined;
  const until = instant(overlapEndsAt(secret, config));
  const message = `the published key is younger than the overlap of ${config.overlap.text}, in which readers of the superseded key move on; it can be rotated from ${until} on`;
  if (request === "on-demand") return block("within-overlap", message);
  return isDue(secret, config, now) ? { action: "keep", reason: "within-overlap", message } : undefined;
}

function rotationIsRequested({ request, published }: Facts): Decision | undefined {
  if (request !== "on-demand" || published === undefined) return undefined;
  const key = otherKey(published);
  return {
    action: "rotate",
    reason: "on-demand",
    key,
    message: `${key} is regenerated and published on demand`,
  };
}

function rotationIsDue({ secret, published, config, now }: Facts): Decision | undefined {
  if (secret.state !== "readable" || published === undefined || !isDue(secret, config, now)) return undefined;
  const key = otherKey(published);
  return {
    action: "rotate",
    reason: "due",
    key,
    message: `${key} is regenerated and published, because ${published} was published ${instant(secret.createdOn)} and was due ${instant(dueAt(secret, config))}`,
  };
}

/** Check 11: nothing is to be done. */
export function keep({ secret, published, config }: Facts): Decision {
  if (secret.state !== "readable" || published === undefined)
    throw new Error("an earlier check decides this");
  return {
    action: "keep",
    reason: "not-due",
    message: `${published} was published ${instant(secret.createdOn)}; the next rotation, due ${instant(dueAt(secret, config))}, regenerates ${otherKey(published)}`,
  };
}

/** The intent to kill a key, unless that is the published one or has another value by now. */
function killLeft({ intent, published, keys }: Facts): Extract<Intent, { kind: "kill" }> | undefined {
  if (intent?.kind !== "kill" || intent.key === published) return undefined;
  return isRegenerated(intent, keys) ? undefined : intent;
}

/** A compromise of which nothing is done yet. */
function compromiseOf(key: KeyName, keys: AuthKeys): Intent {
  return { kind: "rotate", key, was: keys[key].fingerprint(), run: NO_RUN, compromised: true };
}

function block(reason: BlockedReason, message: string): Decision {
  return { action: "block", reason, message };
}
