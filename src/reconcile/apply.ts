import { VerificationError } from "../errors.ts";
import { isRegenerated, liveKeyOf, type Observation, stateOf } from "../plan/observation.ts";
import { type Decision, plan, type Request } from "../plan/plan.ts";
import type { Intent } from "../plan/rotationState.ts";
import { tagsOf } from "../plan/secretTags.ts";
import { type AuthKeys, type KeyName, otherKey, type Secret } from "../services.ts";
import { observe } from "./observe.ts";
import type { Verdict } from "./outcome.ts";
import { note, noteIntent, type Run, trackWrite } from "./progress.ts";
import { publish } from "./publish.ts";
import { regenerate } from "./regenerate.ts";
import { retire } from "./retire.ts";

type Step<Action> = Extract<Decision, { action: Action }>;
type Result = { observation: Observation; confirmed: boolean };

/**
 * Looks and acts under the lease until nothing is left to do. Each turn plans on what was last read:
 *
 * - `keep`, `block`: the end;
 * - `forget`: removes an intent that has nothing left to do, and plans again;
 * - `publish`: writes a live value; what is left of a compromise is planned again;
 * - `rotate`: intent, read back, renew, regenerate, publish; the second half of a compromise is planned again;
 * - `kill`: regenerates the key that nobody is told, removes the intent.
 *
 * What was published and is not there when it is read back is planned once more, and no oftener.
 * Stopped after any step, the next run finds what it needs in the secret and in the keys.
 */
export async function apply(run: Run, request: Request): Promise<Verdict> {
  let observation = await observe(run);
  let achieved: Verdict | undefined;
  let mismatched = false;
  for (;;) {
    note(run.progress, observation, run.config.id);
    // What this run has achieved is not asked for again; a compromise is, until its last step is done.
    const asked = achieved !== undefined && request === "on-demand" ? "timer" : request;
    const decision = plan(observation, run.config, asked, observation.now);
    let confirmed = true;
    switch (decision.action) {
      case "block":
        return { outcome: "blocked", reason: decision.reason, message: decision.message };
      case "keep":
        return achieved ?? { outcome: "kept", reason: decision.reason, message: decision.message };
      case "kill":
        await kill(run, observation, decision.key);
        return achieved?.outcome === "rotated" ? achieved : rotated(decision);
      case "forget":
        if (achieved?.outcome === "rotated") {
          await setIntent(run, observation, undefined);
          return achieved;
        }
        observation = { ...observation, secret: await setIntent(run, observation, decision.intent) };
        continue;
      case "publish": {
        ({ observation, confirmed } = await publishLive(run, observation, decision));
        achieved ??= { outcome: "published", reason: decision.reason, message: decision.message };
        if (confirmed && decision.intent === undefined) return achieved;
        break;
      }
      case "rotate": {
        ({ observation, confirmed } = await rotate(run, observation, decision));
        achieved = rotated(decision);
        if (confirmed && decision.reason !== "compromised") return achieved;
        break;
      }
    }
    if (!confirmed && mismatched) {
      throw new VerificationError(
        "what was published is twice not what the vault and the keys show; another writer is at work",
      );
    }
    mismatched ||= !confirmed;
  }
}

/** Checks 3 to 5: the value is live already, so nothing is regenerated. */
async function publishLive(run: Run, seen: Observation, decision: Step<"publish">): Promise<Result> {
  const { key, intent, replaced } = decision;
  const value = keysOf(seen)[key];
  return await publish(run, { key, value, state: { intent, replaced } }, seen.secret, seen.now);
}

async function rotate(run: Run, seen: Observation, { key, reason }: Step<"rotate">): Promise<Result> {
  const keys = keysOf(seen);
  const published = otherKey(key);
  const was = keys[key].fingerprint();
  const compromised = reason === "compromised";
  const { version } = await setIntent(run, seen, { kind: "rotate", key, was, run: run.id, compromised });
  const { value, latest, now } = await regenerate(run, key, keys, (latest) => {
    const { intent } = stateOf(latest, run.config.id);
    return latest.version === version && intent?.kind === "rotate" && intent.run === run.id;
  });
  const intent: Intent | undefined = compromised
    ? { kind: "kill", key: published, was: keys[published].fingerprint() }
    : undefined;
  return await publish(
    run,
    { key, value, state: { intent, replaced: was } },
    { state: "readable", ...latest },
    now,
  );
}

async function kill(run: Run, seen: Observation, key: KeyName): Promise<void> {
  const keys = keysOf(seen);
  const { version } = latestOf(seen);
  const { value, latest, now } = await regenerate(run, key, keys, (latest) => {
    return latest.version === version && stateOf(latest, run.config.id).intent?.kind === "kill";
  });
  const after: Observation = {
    secret: { state: "readable", ...latest },
    runtime: { state: "self-hosted", keys: { ...keys, [key]: value } },
    now,
  };
  await setIntent(run, after, undefined);
  await retire(run, after);
}

/** Writes an intent, or its absence, together with the three tags of the convention. */
async function setIntent(run: Run, seen: Observation, intent: Intent | undefined): Promise<Readable> {
  const latest = latestOf(seen);
  const keys = keysOf(seen);
  const published = liveKeyOf(latest.value, keys);
  if (published === undefined) throw new Error("an intent is only written beside a live key");
  const { intent: done, replaced, killed: before } = stateOf(latest, run.config.id);
  // A kill that is over leaves behind which value it killed, so that a listing of before it is known as such.
  const killed = done?.kind === "kill" && isRegenerated(done, keys) ? done.was : before;
  const tags = tagsOf(latest, run.config, published, { intent, replaced, killed });
  await trackWrite(run.progress, run.secret.setTags(latest.version, tags, run.deadline.forWrite()));
  noteIntent(run.progress, intent);
  return { ...latest, tags };
}

function rotated({ reason, message }: Step<"rotate" | "kill">): Verdict {
  return { outcome: "rotated", reason, message };
}

type Readable = Extract<Secret, { state: "readable" }>;

function latestOf({ secret }: Observation): Readable {
  if (secret.state !== "readable") throw new Error("no plan works on a secret that cannot be read");
  return secret;
}

function keysOf({ runtime }: Observation): AuthKeys {
  if (runtime.state !== "self-hosted") throw new Error("no plan works on a runtime without keys");
  return runtime.keys;
}
