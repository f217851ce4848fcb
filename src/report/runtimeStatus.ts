import pLimit from "p-limit";
import type { Clock } from "../clock.ts";
import type { Config, RuntimeConfig } from "../config/config.ts";
import { liveKeyOf, namesRuntime, type Observation } from "../plan/observation.ts";
import { type Decision, plan } from "../plan/plan.ts";
import { dueAt, instant } from "../plan/schedule.ts";
import { Deadline } from "../reconcile/deadline.ts";
import { forecast } from "../reconcile/forecast.ts";
import { observeRuntime, observeSecret } from "../reconcile/observe.ts";
import { verdictOf } from "../reconcile/outcome.ts";
import type { KeyName, Secret, Services } from "../services.ts";

type State = "healthy" | "due" | "unpublished" | "unfinished" | "drifted" | "blocked" | "unreadable";

export interface RuntimeStatus {
  readonly runtime: string;
  readonly secret: string;
  readonly state: State;
  readonly reason: string;
  readonly message: string;
  readonly publishedKey: KeyName | null;
  readonly publishedAt: string | null;
  readonly dueAt: string | null;
  readonly expiresAt: string | null;
}

/** One look at a runtime, and all looks of one answer: well before the platform cuts it at 230 s. */
const LOOK_MS = 55_000;
const ALL_LOOKS_MS = 200_000;

/** How every configured runtime stands, told by the check that would decide at the next tick. Reads only. */
export async function status(
  config: Config,
  services: Services,
  clock: Clock,
): Promise<readonly RuntimeStatus[]> {
  const end = new Deadline(clock, ALL_LOOKS_MS);
  return await pLimit(config.concurrency).map(config.runtimes, async (runtime) => {
    let secret: Secret | undefined;
    try {
      const observer = {
        config: runtime,
        runtimeKeys: services.runtimeKeys(runtime.id),
        secret: services.secret(runtime.vaultUrl, runtime.secretName),
        deadline: new Deadline(clock, LOOK_MS, end),
        clock,
      };
      const reading = await observeSecret(observer);
      secret = reading.secret;
      return describe({ ...reading, runtime: await observeRuntime(observer, secret) }, runtime);
    } catch (error) {
      const { reason, message } = verdictOf(error, false);
      const told = { ...namesOf(runtime), state: "unreadable", reason, message } as const;
      return { ...told, publishedKey: null, ...timesOf(secret, runtime) };
    }
  });
}

function describe(observation: Observation, config: RuntimeConfig): RuntimeStatus {
  const { secret, runtime, now } = observation;
  const { reason, message } = forecast(observation, config, "timer", now);
  const state = stateOf(plan(observation, config, "timer", now));
  const published =
    secret.state === "readable" && runtime.state === "self-hosted"
      ? liveKeyOf(secret.value, runtime.keys)
      : undefined;
  const told = { ...namesOf(config), state, reason, message };
  return { ...told, publishedKey: published ?? null, ...timesOf(secret, config) };
}

/** What the secret alone tells, known also where ARM does not answer. */
function timesOf(secret: Secret | undefined, config: RuntimeConfig) {
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
    case "kill":
    case "forget":
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
  return { runtime: config.id.text, secret: `${config.vaultUrl}/secrets/${config.secretName}` };
}
