/** What describes one call to a service, while it runs and when it fails. */
import type { ServiceErrorReason } from "../errors.ts";

/** Which call is made; `permission` is what the app's identity needs for it. */
export interface CallSite {
  readonly service: "Azure Resource Manager" | "Key Vault" | "Blob Storage" | "Managed identity";
  readonly operation: string;
  readonly target: string;
  readonly permission: string;
}

/** What is known about a call while it runs, whatever the SDK reports. */
export interface CallProgress {
  /** When its last attempt may start, on the scale of `performance.now()`. */
  readonly lastStart: number;
  /** Whether a request has gone out that the service could act on: with its token, where it needs one. */
  sent: boolean;
  /** The answer to the last attempt; undefined until it is complete, or if nobody records it. */
  answer: Answer | undefined;
}

export interface Answer {
  readonly status: number;
  /** Its parsed body; undefined if it is not JSON, as all services here send. */
  readonly json: unknown;
  /** Whether it only asks for a token, as Key Vault does first. */
  readonly isChallenge: boolean;
}

/** What an error means and what to do about it, for people. */
export interface Explanation {
  readonly reason: ServiceErrorReason;
  readonly explanation: string;
}
