/** Carries out what was decided about a runtime, in an order that is safe to interrupt anywhere. */
import { VerificationError } from "../errors.ts";
import { revocation } from "../plan/compromise.ts";
import type { Decision } from "../plan/decision.ts";
import { noteBefore } from "../plan/finding.ts";
import {
  isRegenerated,
  keysOf,
  latestOf,
  type Observation,
  observation,
  publishedOf,
} from "../plan/observation.ts";
import { plan } from "../plan/plan.ts";
import type { Turn } from "../plan/rollout.ts";
import { type Intent, type RotationState, timesRotated } from "../plan/rotationState.ts";
import type { RequestKind } from "../plan/runRequest.ts";
import { secretTags } from "../plan/secretTags.ts";
import { type KeyName, otherKey } from "../services.ts";
import { observe } from "./observe.ts";
import { type Verdict, verdictOf } from "./outcome.ts";
import { noteIntent, noteObservation, type Run, trackWrite } from "./progress.ts";
import { publish } from "./publish.ts";
import { regenerate } from "./regenerate.ts";
import { retire } from "./retire.ts";
import { readNodes } from "./watch.ts";

type Step<Action> = Extract<Decision, { action: Action }>;
type Published = Awaited<ReturnType<typeof publish>>;

/**
 * Looks and acts under the lease until nothing is left to do. Each turn plans on what was last read:
 *
 * - `keep`, `block`: the end;
 * - `clearIntent`: removes an intent that has nothing left to do, then plans again;
 * - `publish`: writes a live value; plans again if a compromise remains;
 * - `rotate`: intent, read back, renew, regenerate, publish; plans again for the second half of a compromise;
 * - `revoke`: regenerates the key that the secret does not name, then removes the intent.
 *
 * If reading back does not show what was published, it plans again, once. If it is stopped after any step, the next run
 * finds all that it needs in the secret and in the keys.
 */
export async function apply(run: Run, kind: RequestKind, turn: Turn): Promise<Verdict> {
  let seen = await observe(run);
  let achieved: Verdict | undefined;
  let mismatched = false;
  for (;;) {
    noteObservation(run.progress, seen);
    // An on-demand rotation is done once; a compromise is planned again until its last step is done.
    const remaining = achieved !== undefined && kind === "on-demand" ? "timer" : kind;
    const decision = plan(seen, run.config, remaining, turn);
    let confirmed = true;
    switch (decision.action) {
      case "block":
        return verdictOf(decision);
      case "keep":
        return achieved ?? verdictOf(decision);
      case "revoke":
        await revoke(run, seen, decision.key);
        return achieved?.outcome === "rotated" ? achieved : verdictOf(decision);
      case "clearIntent":
        seen = await setIntent(run, seen, undefined);
        if (achieved?.outcome === "rotated") return achieved;
        continue;
      case "publish":
        ({ seen, confirmed } = await publishLive(run, seen, decision));
        achieved ??= verdictOf(decision);
        if (confirmed && decision.intent === undefined) return achieved;
        break;
      case "rotate":
        ({ seen, confirmed } = await rotate(run, seen, decision, kind));
        achieved = verdictOf(decision);
        if (confirmed && decision.reason !== "compromised") return achieved;
        break;
    }
    if (!confirmed && mismatched) {
      throw new VerificationError(
        "twice, the vault and the keys did not show what was just published; another writer is at work",
      );
    }
    mismatched ||= !confirmed;
  }
}

/** Checks 3 to 5: the value is live already, and nothing is regenerated. */
async function publishLive(run: Run, seen: Observation, decision: Step<"publish">): Promise<Published> {
  const { key, intent, superseded, reason } = decision;
  const state = { ...decision.state, intent, superseded, reason, run: run.id };
  return await publish(run, { key, value: keysOf(seen)[key], state }, seen.secret, seen.now);
}

async function rotate(
  run: Run,
  seen: Observation,
  { key, reason, since }: Step<"rotate">,
  kind: RequestKind,
): Promise<Published> {
  const keys = keysOf(seen);
  const compromised = reason === "compromised";
  const previousFingerprint = keys[key].fingerprint();
  const earlier = timesRotated(seen.state);
  const nodes = await readNodes(run, run.progress, compromised ? "compromised" : kind);
  const note = compromised ? undefined : noteBefore(seen, nodes, { key, earlier, kind, config: run.config });
  const begun = { kind: "rotate", key, previousFingerprint, compromised, since, earlier, note } as const;
  await setIntent(run, seen, { ...begun, run: run.id });
  const { value, seen: after } = await regenerate(
    run,
    key,
    keys,
    latestOf(seen).version,
    (intent) => intent?.kind === "rotate" && intent.run === run.id,
  );
  const intent = compromised ? revocation(otherKey(key), keys, since) : undefined;
  const state = {
    intent,
    superseded: previousFingerprint,
    byCompromise: compromised,
    earlier,
    note,
    reason,
    run: run.id,
  };
  return await publish(run, { key, value, state }, after.secret, after.now);
}

async function revoke(run: Run, seen: Observation, key: KeyName): Promise<void> {
  const { version } = latestOf(seen);
  const { seen: after } = await regenerate(
    run,
    key,
    keysOf(seen),
    version,
    (intent) => intent?.kind === "revoke",
  );
  await setIntent(run, after, undefined);
  await retire(run, after);
}

/** Writes an intent, or its absence, together with the three tags of the convention. */
async function setIntent(run: Run, seen: Observation, intent: Intent | undefined): Promise<Observation> {
  const latest = latestOf(seen);
  const state: RotationState = { ...afterIntent(seen), intent };
  const tags = secretTags(latest.tags, run.config, publishedOf(seen), state);
  await trackWrite(run.progress, run.secret.setTags(latest.version, tags, run.deadline.forWrite()));
  noteIntent(run.progress, intent);
  return observation({ ...seen, secret: { state: "readable", ...latest, tags }, state }, seen.runtime);
}

/** The state of the version after its intent is done. */
function afterIntent(seen: Observation): RotationState {
  const { state, published } = seen;
  const { intent } = state;
  if (intent?.kind !== "revoke") return state;
  // So that a listing from before the second half of a compromise is recognised as outdated.
  const revoked = isRegenerated(intent, keysOf(seen)) ? intent.previousFingerprint : state.revoked;
  // Where a person made the key that was still to be revoked the published one, the compromise is not done.
  return { ...state, revoked, byCompromise: state.byCompromise && intent.key !== published };
}
