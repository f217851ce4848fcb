import type { ServiceErrorDetails, ServiceErrorReason } from "../errors.ts";

/** Which call is made; `permission` is what the app's identity needs for it. */
export interface CallSite {
  readonly service: ServiceErrorDetails["service"];
  readonly operation: string;
  readonly target: string;
  readonly permission: string;
}

/** What is known of one call while it goes on, whatever an SDK makes of it. */
export interface CallProgress {
  /** When its last attempt may start, as `performance.now()` tells it. */
  readonly lastStart: number;
  /** Whether a request has gone out that the service could act on: with its token, where it needs one. */
  sent: boolean;
  /** What the last attempt was answered; undefined while there is no whole answer, or where nobody looks at it. */
  answer: Answer | undefined;
}

export interface Answer {
  readonly status: number;
  /** What its body says, where that is JSON: all that a service of ours sends is. */
  readonly json: unknown;
  /** Whether it only asks for a token, as Key Vault does first. */
  readonly isChallenge: boolean;
}

/** What an error means and what to do about it, for people. */
export interface Explanation {
  readonly reason: ServiceErrorReason;
  readonly explanation: string;
}
