import pLimit from "p-limit";
import type { Clock } from "../clock.ts";
import type { Config, RuntimeConfig } from "../config/config.ts";
import { secretUrl } from "../config/urls.ts";
import type { Decision } from "../plan/decision.ts";
import type { ObservedSecret } from "../plan/observation.ts";
import { dueAt, instant } from "../plan/schedule.ts";
import { namesRuntime } from "../plan/secretTags.ts";
import { Deadline } from "../reconcile/deadline.ts";
import { forecast } from "../reconcile/forecast.ts";
import { observeRuntime, observerOf, observeSecret } from "../reconcile/observe.ts";
import { verdictOfError } from "../reconcile/outcome.ts";
import { type KeyName, otherKey, type Services } from "../services.ts";
import { RUNTIME_MS, STATUS_MS } from "../timeLimits.ts";

type State = "healthy" | "due" | "unpublished" | "unfinished" | "drifted" | "blocked" | "unreadable";

export interface RuntimeStatus {
  readonly runtime: string;
  readonly secret: string;
  readonly state: State;
  readonly reason: string;
  readonly message: string;
  readonly publishedKey: KeyName | null;
  /** The key that the next rotation regenerates. */
  readonly nextKey: KeyName | null;
  readonly publishedAt: string | null;
  readonly dueAt: string | null;
  readonly expiresAt: string | null;
}

/** How every configured runtime stands, told by the check that would decide at the next tick. Reads only. */
export async function runtimeStatus(
  { concurrency, runtimes }: Config,
  services: Services,
  clock: Clock,
): Promise<readonly RuntimeStatus[]> {
  const end = new Deadline(clock, STATUS_MS);
  return await pLimit(concurrency).map(runtimes, async (config) => {
    const observer = observerOf(config, services, clock, new Deadline(clock, RUNTIME_MS, end));
    let reading: ObservedSecret | undefined;
    try {
      reading = await observeSecret(observer);
      const seen = await observeRuntime(observer, reading);
      const { decision, reason, message } = forecast(seen, config, "timer");
      return {
        ...namesOf(config),
        state: stateOf(decision),
        reason,
        message,
        publishedKey: seen.published ?? null,
        nextKey: seen.published === undefined ? null : otherKey(seen.published),
        ...timesOf(reading, config),
      };
    } catch (error) {
      const { reason, message } = verdictOfError(error, false);
      const told = { ...namesOf(config), state: "unreadable", reason, message } as const;
      return { ...told, publishedKey: null, nextKey: null, ...timesOf(reading, config) };
    }
  });
}

/** What the secret alone tells, known also where the keys cannot be listed. */
function timesOf(reading: ObservedSecret | undefined, config: RuntimeConfig) {
  const secret = reading?.secret;
  if (secret?.state !== "readable") return { publishedAt: null, dueAt: null, expiresAt: null };
  return {
    publishedAt: instant(secret.createdOn),
    // The age that a rotation goes by starts with the first version that is ours.
    dueAt: namesRuntime(secret, config.id) ? instant(dueAt(secret, config)) : null,
    expiresAt: secret.expiresOn === undefined ? null : instant(secret.expiresOn),
  };
}

function stateOf(decision: Decision): State {
  switch (decision.action) {
    case "block":
      return "blocked";
    case "keep":
      return "healthy";
    case "revoke":
    case "clearIntent":
      return "unfinished";
    case "rotate":
      return decision.reason === "compromised" ? "unfinished" : "due";
    case "publish":
      return (
        { "first-contact": "unpublished", "unfinished-rotation": "unfinished", drift: "drifted" } as const
      )[decision.reason];
  }
}

function namesOf(config: RuntimeConfig) {
  return { runtime: config.id.text, secret: secretUrl(config) };
}
