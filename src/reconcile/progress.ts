/** What a run on one runtime has done so far, kept apart from its result so that an error does not lose it. */
import { ServiceError } from "../errors.ts";
import type { Observation, ObservedRuntime, ObservedSecret } from "../plan/observation.ts";
import type { Intent } from "../plan/rotationState.ts";
import type { KeyName, Lease, RuntimeNode } from "../services.ts";
import type { Observer } from "./observe.ts";

/** One run on one runtime, from the moment it holds the lease. */
export interface Run extends Observer {
  readonly id: string;
  readonly lease: Lease;
  readonly progress: Progress;
}

export interface Progress {
  publishedKey: KeyName | undefined;
  version: string | undefined;
  readonly regenerated: KeyName[];
  /** Whether a new version was written. */
  published: boolean;
  /** Whether the secret, as last seen or written, holds a declared compromise; `over` where it did before. */
  compromise: "none" | "pending" | "over";
  /** Whether an unanswered write may still take effect, so that the lease must run out by itself. */
  leaseMustRunOut: boolean;
  /** Why dead versions may still be enabled. */
  notRetired: string | undefined;
  /** The secret and the runtime as last seen or written. */
  reading: ObservedSecret | undefined;
  runtime: ObservedRuntime | undefined;
  /** The nodes, whether they were asked for, and why a run that needs them cannot have them. */
  nodes: readonly RuntimeNode[] | undefined;
  nodesAsked: boolean;
  nodesFailure: Error | undefined;
  /** How long its steps took, without waiting for a turn. */
  durationMs: number;
  /** Further sentences for the message. */
  readonly remarks: string[];
}

export function newProgress(): Progress {
  return {
    publishedKey: undefined,
    version: undefined,
    regenerated: [],
    published: false,
    compromise: "none",
    leaseMustRunOut: false,
    notRetired: undefined,
    reading: undefined,
    runtime: undefined,
    nodes: undefined,
    nodesAsked: false,
    nodesFailure: undefined,
    durationMs: 0,
    remarks: [],
  };
}

/** Waits for a write. One that fails but may still take effect must not do so under the lease of the next run. */
export async function trackWrite<T>(progress: Progress, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ServiceError) progress.leaseMustRunOut ||= error.mayStillTakeEffect;
    throw error;
  }
}

/** Notes what the secret holds, as far as it alone tells. */
export function noteSecret(progress: Progress, reading: ObservedSecret): void {
  const { secret, state } = reading;
  progress.reading = reading;
  progress.version = secret.state === "readable" ? secret.version : undefined;
  noteIntent(progress, state.intent);
}

/** Notes the intent that the secret holds, read or written. */
export function noteIntent(progress: Progress, intent: Intent | undefined): void {
  if (intent?.kind === "revoke" || intent?.compromised) progress.compromise = "pending";
  else if (progress.compromise === "pending") progress.compromise = "over";
}

/** Notes what the secret holds and which key it names, as last seen. */
export function noteObservation(progress: Progress, seen: Observation): void {
  noteSecret(progress, seen);
  progress.publishedKey = seen.published;
  progress.runtime = seen.runtime;
}
