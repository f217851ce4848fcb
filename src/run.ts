import { ServiceError } from "./errors.ts";
import type { Observation } from "./observation.ts";
import { liveKeyOf } from "./observation.ts";
import type { Observer } from "./observe.ts";
import type { KeyName, Lease } from "./services.ts";

/** One run on one runtime, from the moment it holds the lease. */
export interface Run extends Observer {
  readonly id: string;
  readonly lease: Lease;
  readonly progress: Progress;
}

/** What a run has done so far, kept apart from its result so that an error does not lose it. */
export interface Progress {
  publishedKey: KeyName | undefined;
  version: string | undefined;
  readonly regenerated: KeyName[];
  /** Whether a new version was written. */
  published: boolean;
  /** Whether an unanswered write may still take effect, so that the lease must run out by itself. */
  leaseMustRunOut: boolean;
  /** Why dead versions may still be enabled. */
  notRetired: string | undefined;
}

export function newProgress(): Progress {
  return {
    publishedKey: undefined,
    version: undefined,
    regenerated: [],
    published: false,
    leaseMustRunOut: false,
    notRetired: undefined,
  };
}

/** Waits for a write; one that may still take effect must not do so under the lease of the next run. */
export async function written<T>(progress: Progress, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ServiceError) progress.leaseMustRunOut ||= error.mayStillTakeEffect;
    throw error;
  }
}

/** Notes what the secret names, as last seen. */
export function note(progress: Progress, { secret, runtime }: Observation): void {
  progress.version = secret.state === "readable" ? secret.version : undefined;
  progress.publishedKey =
    secret.state === "readable" && runtime.state === "self-hosted"
      ? liveKeyOf(secret.value, runtime.keys)
      : undefined;
}
