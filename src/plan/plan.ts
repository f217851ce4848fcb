import type { RuntimeConfig } from "../config/config.ts";
import type { BlockedReason } from "../errors.ts";
import type { AuthKeys, KeyName, Secret } from "../services.ts";
import { checks, keep, runtimeHasNoKeys } from "./checks.ts";
import { liveKeyOf, type Observation, stateOf } from "./observation.ts";
import type { Intent } from "./rotationState.ts";
import { isDue, isWithinOverlap } from "./schedule.ts";

/** Why a run looks at a runtime. `compromised` is an on-demand call that declares both keys known to others. */
export type Request = "timer" | "on-demand" | "compromised";

export type Decision =
  | { readonly action: "block"; readonly reason: BlockedReason; readonly message: string }
  | { readonly action: "keep"; readonly reason: "not-due" | "within-overlap"; readonly message: string }
  | {
      readonly action: "publish";
      readonly reason: "first-contact" | "unfinished-rotation" | "drift";
      readonly key: KeyName;
      /** Fingerprint of the dead value that this replaces, where there is one. */
      readonly replaced: string | undefined;
      /** What is left of a declared compromise after this; the published version carries it on. */
      readonly intent: Intent | undefined;
      readonly message: string;
    }
  | {
      readonly action: "rotate";
      readonly reason: "on-demand" | "due" | "compromised";
      readonly key: KeyName;
      readonly message: string;
    }
  /** The second half of a compromise: regenerate this key without publishing it. */
  | {
      readonly action: "kill";
      readonly reason: "compromised";
      readonly key: KeyName;
      readonly message: string;
    }
  /** An intent that has nothing left to do; what else there is to do is planned after its removal. */
  | {
      readonly action: "forget";
      /** A compromise that is declared now, so that it is not lost should this write be the last. */
      readonly intent: Intent | undefined;
      readonly message: string;
    };

/** What the checks go by. */
export interface Facts {
  readonly secret: Secret;
  readonly keys: AuthKeys;
  readonly intent: Intent | undefined;
  /** The key that the vault names, if that is a live one. */
  readonly published: KeyName | undefined;
  readonly compromised: boolean;
  readonly config: RuntimeConfig;
  readonly request: Request;
  readonly now: number;
}

/** Decides what is to be done about one runtime. Pure: no waiting, no clock, no logging. */
export function plan(
  observation: Observation,
  config: RuntimeConfig,
  request: Request,
  now: number,
): Decision {
  const { runtime, secret } = observation;
  if (runtime.state !== "self-hosted") return runtimeHasNoKeys(runtime.state); // 1
  const intent = secret.state === "readable" ? stateOf(secret, config.id).intent : undefined;
  const facts: Facts = {
    secret,
    keys: runtime.keys,
    intent,
    published: secret.state === "readable" ? liveKeyOf(secret.value, runtime.keys) : undefined,
    compromised: request === "compromised" || (intent?.kind === "rotate" && intent.compromised),
    config,
    request,
    now,
  };
  for (const check of checks) {
    const decision = check(facts);
    if (decision) return decision;
  }
  return keep(facts); // 11
}

/** Whether the secret alone, without asking ARM, shows that there is work, so that the lease is taken at once. */
export function secretShowsWork(
  secret: Secret,
  config: RuntimeConfig,
  request: Request,
  now: number,
): boolean {
  if (secret.state !== "readable") return secret.state === "missing";
  if (request === "compromised" || stateOf(secret, config.id).intent !== undefined) return true;
  if (isWithinOverlap(secret, config, now)) return false;
  return request === "on-demand" || isDue(secret, config, now);
}
