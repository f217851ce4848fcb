/** The errors that become outcomes. They carry ids and codes, never a request or a value. */

/** Why an outcome is `failed` (docs/reference.md). */
export type FailedReason =
  | "access-denied"
  | "throttled"
  | "unavailable"
  | "unexpected-response"
  | "verification-failed"
  | "bug";

/** Why an outcome is `blocked` (docs/reference.md). */
export type BlockedReason =
  | "within-overlap"
  | "runtime-missing"
  | "runtime-not-self-hosted"
  | "runtime-linked"
  | "secret-disabled"
  | "secret-deleted"
  | "secret-not-ours"
  | "nodes-lost";

/** Why a call to a service failed. Some reasons need a person (`blocked`); the others may go away. */
export type ServiceErrorReason =
  | Exclude<FailedReason, "verification-failed" | "bug">
  | Extract<BlockedReason, "runtime-missing" | "secret-disabled" | "secret-deleted">;

export interface ServiceErrorDetails {
  /** Its name for people. */
  readonly service: string;
  readonly operation: string;
  /** What the call was about: an ARM id, a secret's URL, a blob's name. Never a value. */
  readonly target: string;
  readonly reason: ServiceErrorReason;
  /** What happened and what to do about it, without the names above. */
  readonly explanation: string;
  /** HTTP status; undefined if no answer came. */
  readonly status: number | undefined;
  /** The service's own code for the error, the innermost one that it gave. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  /** True if no request was sent that the service could act on, for example for lack of a token. Default: false. */
  readonly nothingSent?: boolean;
  readonly cause: unknown;
}

/** A call to Azure that did not succeed, described without anything that was sent or received. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly service: string;
  readonly operation: string;
  readonly target: string;
  readonly reason: ServiceErrorReason;
  readonly explanation: string;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly nothingSent: boolean;

  constructor(details: ServiceErrorDetails) {
    const { service, operation, target, status, code, requestId, explanation } = details;
    const facts = [
      status === undefined ? undefined : `HTTP ${status}`,
      code,
      requestId === undefined ? undefined : `request ${requestId}`,
    ].filter((fact) => fact !== undefined);
    const answer = facts.length > 0 ? ` (${facts.join(", ")})` : "";
    super(`${service}: ${operation} on ${target} failed${answer}: ${explanation}`, { cause: details.cause });
    this.service = service;
    this.operation = operation;
    this.target = target;
    this.reason = details.reason;
    this.explanation = explanation;
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.nothingSent = details.nothingSent ?? false;
  }

  /**
   * True if the service certainly did nothing, because it refused the request itself. Not after a 408: it may have
   * started. Not without the service's own code: a proxy may have withheld only the answer.
   */
  get refused(): boolean {
    if (this.nothingSent) return true;
    const { status, code } = this;
    return code !== undefined && status !== undefined && status >= 400 && status < 500 && status !== 408;
  }

  /** True if the request may still take effect: nobody answered, a gateway did, or the service accepted it for later. */
  get mayStillTakeEffect(): boolean {
    if (this.nothingSent) return false;
    return this.status === undefined || [202, 408, 502, 503, 504].includes(this.status);
  }
}

/** An answer that contradicts what is already known, so nothing is decided from it. */
export class UnexpectedAnswerError extends Error {
  override readonly name: string = "UnexpectedAnswerError";
}

/** A list of keys that still shows a value known to be dead. */
export class StaleListingError extends UnexpectedAnswerError {
  override readonly name = "StaleListingError";
}

/** The timer may not read the nodes of a runtime that it should watch. */
export class NodesRefusedError extends Error {
  override readonly name = "NodesRefusedError";

  constructor(refusal: ServiceError) {
    super(
      `${refusal.message}; or set nodes to "ignore" for this runtime, so that its nodes are not watched`,
      {
        cause: refusal,
      },
    );
  }
}

/** Too little of the run's or the runtime's time is left for the next step. */
export class OutOfTimeError extends Error {
  override readonly name = "OutOfTimeError";
}

/** The lease was lost, or the secret changed under it: somebody else is at work. */
export class LockedError extends Error {
  override readonly name = "LockedError";
}

/** Reading both sides back did not confirm what was published, or the key about to be regenerated must not be. */
export class VerificationError extends Error {
  override readonly name = "VerificationError";
}
