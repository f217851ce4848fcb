import { ServiceError, type ServiceErrorDetails, type ServiceErrorReason } from "../errors.ts";
import { redactKeys } from "../keyValue.ts";

/** Which call failed; `permission` is what the app's identity needs for it. */
export interface CallSite {
  readonly service: ServiceErrorDetails["service"];
  readonly operation: string;
  readonly target: string;
  readonly permission: string;
}

/** The parts of an SDK's error that are safe to read; all else of it may hold a request with a value in it. */
interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly details?: {
    error?: { message?: unknown; innerError?: { code?: unknown }; innererror?: { code?: unknown } };
  };
  readonly response?: {
    headers?: { get(name: string): string | undefined };
    /** Where the ARM client leaves the parsed error body; its `message` may be the raw text of any body. */
    parsedBody?: { error?: { message?: unknown } };
  };
  readonly stack?: unknown;
}

const MAX_MESSAGE = 300;

/** Describes whatever an SDK threw without taking over anything that was sent or received. */
export function toServiceError(thrown: unknown, site: CallSite): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  const error = (typeof thrown === "object" && thrown !== null ? thrown : {}) as SdkError;
  const status = typeof error.statusCode === "number" ? error.statusCode : undefined;
  const code =
    token(error.details?.error?.innerError?.code) ??
    token(error.details?.error?.innererror?.code) ??
    token(error.code);
  const { reason, explanation } = explain(error, status, code, site);
  return new ServiceError({
    service: site.service,
    operation: site.operation,
    target: site.target,
    reason,
    explanation,
    status,
    code,
    requestId: token(error.response?.headers?.get("x-ms-request-id")),
    cause: withoutContent(error),
  });
}

/** Makes one call, so that nothing an SDK throws gets any further. */
export async function withServiceErrors<T>(site: CallSite, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toServiceError(error, site);
  }
}

/** A successful answer with something in it that cannot be. */
export function unexpected({ service, operation, target }: CallSite, explanation: string): ServiceError {
  return new ServiceError({
    service,
    operation,
    target,
    reason: "unexpected-response",
    explanation,
    status: 200,
    code: undefined,
    requestId: undefined,
    cause: undefined,
  });
}

interface Explanation {
  readonly reason: ServiceErrorReason;
  readonly explanation: string;
}

function explain(
  error: SdkError,
  status: number | undefined,
  code: string | undefined,
  site: CallSite,
): Explanation {
  if (status === undefined) return explainNoAnswer(error, code, site);
  const said = quote(error);
  if (error.name === "RetryTooLateError") {
    return {
      reason: "throttled",
      explanation: "the service asks to wait longer than this run may take; the next tick tries again",
    };
  }
  if (status === 404 && site.service === "Azure Resource Manager") {
    return {
      reason: "runtime-missing",
      explanation: `Azure knows no such runtime${said}; correct RUNTIMES, or create the runtime again`,
    };
  }
  if (code === "ObjectIsDeletedButRecoverable") {
    return {
      reason: "secret-deleted",
      explanation: "the secret is soft-deleted; recover or purge it, then the next tick publishes",
    };
  }
  if (code === "SecretDisabled") {
    return { reason: "secret-disabled", explanation: "the version of the secret is disabled; enable it" };
  }
  if (status === 401) {
    return {
      reason: "access-denied",
      explanation: `the token was not accepted${said}; check AZURE_CLIENT_ID and the identity's tenant`,
    };
  }
  if (code === "ForbiddenByFirewall" || code === "ForbiddenByConnection") {
    return {
      reason: "access-denied",
      explanation: "the vault's network rules refuse the app; allow its network or use a private endpoint",
    };
  }
  if (status === 403) {
    return {
      reason: "access-denied",
      explanation: `the app's identity lacks a permission; grant it ${site.permission}`,
    };
  }
  if (status === 429)
    return { reason: "throttled", explanation: "too many requests; the next tick tries again" };
  if (status >= 500 || status === 408) {
    return {
      reason: "unavailable",
      explanation: "the service did not carry out the request or could not say so; the next tick tries again",
    };
  }
  return {
    reason: "unexpected-response",
    explanation: `the answer is not one that this operation gives${said}; the next tick tries again, and if it stays somebody has to look`,
  };
}

function explainNoAnswer({ name }: SdkError, code: string | undefined, site: CallSite): Explanation {
  if (code === "PARSE_ERROR") {
    return {
      reason: "unexpected-response",
      explanation: "the answer was cut short or is not JSON; the next tick tries again",
    };
  }
  if (name === "AbortError" || name === "TimeoutError") {
    return { reason: "unavailable", explanation: "no answer came in time; the next tick tries again" };
  }
  if (site.service === "Managed identity") {
    return {
      reason: "unavailable",
      explanation: `no token could be had; check that the app has ${site.permission}`,
    };
  }
  if (name !== "RestError") {
    return {
      reason: "unexpected-response",
      explanation: "the SDK could not make sense of the answer; the next tick tries again",
    };
  }
  if (code === "ENOTFOUND") {
    return {
      reason: "unavailable",
      explanation:
        "no host of this name can be found; check the URL in the settings, private DNS and the network",
    };
  }
  return {
    reason: "unavailable",
    explanation: "the connection failed before a whole answer came; the next tick tries again",
  };
}

/** The service's own sentence: from a parsed error body only, shortened, and with anything like a key taken out. */
function quote(error: SdkError): string {
  const message = text(error.details?.error?.message) ?? text(error.response?.parsedBody?.error?.message);
  if (message === undefined) return "";
  const line = redactKeys(message).replace(/\s+/g, " ").trim();
  return ` ("${line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line}")`;
}

/** What is left of the SDK's error as a cause: its name, its code and where it was thrown. */
function withoutContent({ name, code, stack }: SdkError): Error {
  const cause = new Error(token(code) ?? "no code");
  cause.name = token(name) ?? "Error";
  // A frame ends with its place: a line of the message that looks like one does not.
  const frames = (text(stack) ?? "").split("\n").filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line));
  cause.stack = [`${cause.name}: ${cause.message}`, ...frames].join("\n");
  return cause;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A code or an id as services give them; anything else in such a place may be anything. */
function token(value: unknown): string | undefined {
  return typeof value === "string" && /^[\w.-]{1,80}$/.test(value) ? value : undefined;
}
