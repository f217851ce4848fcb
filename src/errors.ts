/** The errors that become outcomes. They carry ids and codes, never a request or a value. */

/** Reasons of the contract for an outcome `failed`. */
export type FailedReason =
  | "access-denied"
  | "throttled"
  | "unavailable"
  | "unexpected-response"
  | "verification-failed"
  | "bug";

/** Reasons of the contract for an outcome `blocked`. */
export type BlockedReason =
  | "within-overlap"
  | "runtime-missing"
  | "runtime-not-self-hosted"
  | "runtime-linked"
  | "secret-disabled"
  | "secret-deleted"
  | "secret-not-ours"
  | "nodes-lost";

/** What a service's refusal means for one runtime: some need a person (`blocked`), the rest may pass. */
export type ServiceErrorReason =
  | Exclude<FailedReason, "verification-failed" | "bug">
  | Extract<BlockedReason, "runtime-missing" | "secret-disabled" | "secret-deleted">;

export interface ServiceErrorDetails {
  readonly service: "Azure Resource Manager" | "Key Vault" | "Blob Storage" | "Managed identity";
  readonly operation: string;
  /** What the call was about: an ARM id, a secret's URL, a blob's name. Never a value. */
  readonly target: string;
  readonly reason: ServiceErrorReason;
  /** What happened and what to do about it, without the names above. */
  readonly explanation: string;
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  /** The service's own code for the error, the innermost one that it gave. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  /** No request went out that the service could act on: there was no token, say. Left out: one did. */
  readonly nothingSent?: boolean;
  readonly cause: unknown;
}

/** A call to Azure that did not succeed, described without anything that was sent or received. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly service: ServiceErrorDetails["service"];
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
   * Whether the service surely did nothing: it refused the request, in its own words. 408 means that it gave up on it,
   * and a proxy without the service's code may have kept back the answer alone.
   */
  get refused(): boolean {
    if (this.nothingSent) return true;
    const { status, code } = this;
    return code !== undefined && status !== undefined && status >= 400 && status < 500 && status !== 408;
  }

  /** Whether an effect may still come: nobody answered, a gateway did in the service's place, or it said "later". */
  get mayStillTakeEffect(): boolean {
    if (this.nothingSent) return false;
    return this.status === undefined || [202, 408, 502, 503, 504].includes(this.status);
  }
}

/** An answer that cannot be, by what is known from elsewhere: nothing is decided by it. */
export class UnexpectedAnswerError extends Error {
  override readonly name: string = "UnexpectedAnswerError";
}

/** A listing of keys that shows a value which is known to be dead. */
export class StaleListingError extends UnexpectedAnswerError {
  override readonly name = "StaleListingError";
}

/** The timer may not read the nodes of a runtime that it is to watch. */
export class NodesRefusedError extends Error {
  override readonly name = "NodesRefusedError";

  constructor(refusal: ServiceError) {
    super(`${refusal.message}; or set nodes to "ignore" for this runtime, and its nodes are not watched`, {
      cause: refusal,
    });
  }
}

/** Too little of the run's or the runtime's time is left for the next step. */
export class OutOfTimeError extends Error {
  override readonly name = "OutOfTimeError";
}

/** The lease turned out to be lost, or the secret changed under it: somebody else is at work. */
export class LockedError extends Error {
  override readonly name = "LockedError";
}

/** What was published could not be confirmed by reading both sides back. */
export class VerificationError extends Error {
  override readonly name = "VerificationError";
}
