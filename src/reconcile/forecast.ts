import type { RuntimeConfig } from "../config/config.ts";
import type { Observation } from "../plan/observation.ts";
import { type Decision, plan, type Request } from "../plan/plan.ts";
import { STATE_TAG } from "../plan/rotationState.ts";
import { type KeyName, otherKey } from "../services.ts";
import type { Verdict } from "./outcome.ts";

/** Key Vault tells of a soft-deleted secret only when it is written to. */
const UNSEEN_DELETION =
  "should the secret turn out to be soft-deleted, which only writing it tells, it has to be recovered or purged first";

/** What a run would do and which keys would die by it, told without doing any of it. */
export function forecast(
  observation: Observation,
  config: RuntimeConfig,
  request: Request,
  now: number,
): Verdict & { regenerates: readonly KeyName[] } {
  const decision = planPastForgotten(observation, config, request, now);
  const { message } = decision;
  switch (decision.action) {
    case "block":
      return { outcome: "blocked", reason: decision.reason, message, regenerates: [] };
    case "keep":
      return { outcome: "kept", reason: decision.reason, message, regenerates: [] };
    case "kill":
      return { outcome: "rotated", reason: decision.reason, message, regenerates: [decision.key] };
    case "rotate": {
      const { key, reason } = decision;
      return {
        outcome: "rotated",
        reason,
        message,
        regenerates: reason === "compromised" ? [key, otherKey(key)] : [key],
      };
    }
    case "publish":
      return forecastPublish(decision, observation);
  }
}

/** What checks 3 to 5 publish does not satisfy a compromise: the same run goes on to regenerate. */
function forecastPublish(
  { intent, key, reason, message: what }: Extract<Decision, { action: "publish" }>,
  { secret }: Observation,
): ReturnType<typeof forecast> {
  const message = secret.state === "missing" ? `${what} (${UNSEEN_DELETION})` : what;
  if (intent === undefined) return { outcome: "published", reason, message, regenerates: [] };
  const regenerates: readonly KeyName[] = intent.kind === "kill" ? [intent.key] : [otherKey(key), key];
  return {
    outcome: "rotated",
    reason: "compromised",
    message: `${message}; then ${regenerates.join(" and ")} would be regenerated, as the compromise demands`,
    regenerates,
  };
}

/** An intent that has nothing left to do is removed first, and the run plans again as if it were not there. */
function planPastForgotten(
  observation: Observation,
  config: RuntimeConfig,
  request: Request,
  now: number,
): Exclude<Decision, { action: "forget" }> {
  const decision = plan(observation, config, request, now);
  if (decision.action !== "forget") return decision;
  const { secret } = observation;
  if (secret.state !== "readable") throw new Error("only a readable secret holds an intent");
  const forgotten = { ...observation, secret: { ...secret, tags: { ...secret.tags, [STATE_TAG]: "" } } };
  return planPastForgotten(forgotten, config, request, now);
}
