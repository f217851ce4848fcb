/** The checks in their order, and those of them that compare the secret with the keys. */
import { otherKey } from "../services.ts";
import {
  answersThisCall,
  compromiseDoneAt,
  keysAreCompromised,
  keysWereCompromisedRecently,
  newCompromise,
  pendingRevocation,
  revocation,
  revocationIsPending,
} from "./compromise.ts";
import { block, type Decision, type Facts } from "./decision.ts";
import { isRegenerated, keysOf } from "./observation.ts";
import {
  nodesAreLost,
  nothingIsToBeDone,
  overlapIsRunning,
  rotationIsDue,
  rotationIsRequested,
} from "./rotationChecks.ts";
import { instant } from "./schedule.ts";
import { namesRuntime, taggedKey } from "./secretTags.ts";

type Check = (facts: Facts) => Decision | undefined;

/** In order; the first that holds decides. The numbers are those of the table in docs/how-it-works.md. */
export const checks: readonly Check[] = [
  runtimeHasNoKeys, // 1
  secretIsDisabled, // 2
  secretIsContested, // 2
  secretIsNotOurs, // 2
  keyIsNotYetPublished, // 3
  rotationIsUnfinished, // 4
  publishedKeyIsNotLive, // 5
  revocationIsPending, // 6
  keysWereCompromisedRecently, // 7a
  keysAreCompromised, // 7
  nodesAreLost, // 7b
  overlapIsRunning, // 8
  rotationIsRequested, // 9
  rotationIsDue, // 10
  nothingIsToBeDone, // 11
];

function runtimeHasNoKeys({ runtime }: Facts): Decision | undefined {
  switch (runtime.state) {
    case "missing":
      return block(
        "runtime-missing",
        "there is no integration runtime with this id; correct RUNTIMES, or create the runtime again",
      );
    case "managed":
      return block(
        "runtime-not-self-hosted",
        "this integration runtime is managed by Azure and has no auth keys; remove it from RUNTIMES",
      );
    case "linked":
      return block(
        "runtime-linked",
        "this integration runtime is linked: its keys are those of the runtime that it is shared from; configure that one instead",
      );
    case "self-hosted":
      return undefined;
  }
}

function secretIsDisabled({ secret }: Facts): Decision | undefined {
  if (secret.state !== "disabled") return undefined;
  return block(
    "secret-disabled",
    "the latest version of the secret is disabled, so no node can read a key; enable it, or delete and purge the secret to start afresh",
  );
}

function secretIsContested({ secret, config }: Facts): Decision | undefined {
  if (!config.hasRival || (secret.state === "readable" && namesRuntime(secret, config.id))) return undefined;
  return block(
    "secret-not-ours",
    `another runtime that was found would use the same secret, ${config.secretName}; give one of the two an entry of its own with a different secretName`,
  );
}

function secretIsNotOurs(facts: Facts): Decision | undefined {
  const { secret, published, config } = facts;
  if (secret.state !== "readable" || published !== undefined) return undefined;
  if (namesRuntime(secret, config.id) || secret.value.isOfSameRuntimeAs(keysOf(facts).authKey1))
    return undefined;
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
  const [first, second] = [1, 2].map((times) => instant(now + times * config.rotateEvery.ms));
  return {
    action: "publish",
    reason: "first-contact",
    key,
    superseded: undefined,
    intent: facts.compromised ? newCompromise(otherKey(key), facts) : undefined,
    state: { byCompromise: false, compromisedAt: undefined, earlier: undefined, note: undefined },
    message: `${key} is published as it is and nothing is regenerated; the first rotation, due ${first}, regenerates ${otherKey(key)}, and the second, due about ${second}, regenerates ${key}: give each node the published key before the one that it uses is regenerated`,
  };
}

function rotationIsUnfinished(facts: Facts): Decision | undefined {
  const { intent, published, kind } = facts;
  const keys = keysOf(facts);
  if (intent?.kind !== "rotate" || intent.key === published || !isRegenerated(intent, keys)) return undefined;
  const other = otherKey(intent.key);
  return {
    action: "publish",
    reason: "unfinished-rotation",
    key: intent.key,
    superseded: intent.previousFingerprint,
    intent: answersThisCall(intent, facts)
      ? revocation(other, keys, intent.since)
      : kind === "compromised"
        ? newCompromise(other, facts)
        : undefined,
    state: {
      byCompromise: intent.compromised,
      compromisedAt: undefined,
      earlier: intent.earlier,
      note: intent.note,
    },
    message: `an earlier run regenerated ${intent.key} but did not publish it; it is published now, and not regenerated again`,
  };
}

function publishedKeyIsNotLive(facts: Facts): Decision | undefined {
  const { secret, published, compromised, state } = facts;
  if (published !== undefined || secret.state !== "readable") return undefined;
  const pending = pendingRevocation(facts);
  // A key that is still to be revoked is the one key that must not be published.
  const key = pending ? otherKey(pending.key) : taggedKey(secret);
  const isKey = secret.value.isAuthKey();
  const found = isKey
    ? "the secret named a dead key: somebody regenerated that key by hand"
    : "the secret held something that is not an auth key";
  return {
    action: "publish",
    reason: "drift",
    key,
    // Anything else may be a password that was pasted into the secret: its fingerprint must not be kept.
    superseded: isKey ? secret.value.fingerprint() : undefined,
    intent:
      pending && answersThisCall(pending, facts)
        ? pending
        : compromised
          ? newCompromise(otherKey(key), facts)
          : undefined,
    state: {
      byCompromise: state.byCompromise,
      compromisedAt: state.byCompromise ? compromiseDoneAt(facts) : undefined,
      earlier: state.earlier,
      note: state.note,
    },
    message: `${found}; the live value of ${key} is published`,
  };
}
