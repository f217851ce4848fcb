/** Turns whatever an SDK throws into a ServiceError. */
import { ServiceError } from "../errors.ts";
import type { CallProgress, CallSite, Explanation } from "./call.ts";
import { type ErrorBody, errorBodyOf, inBrackets, tokenOf } from "./errorBody.ts";
import { explainNoToken } from "./noToken.ts";
import { knownRefusal } from "./refusals.ts";
import { withoutContent } from "./withoutContent.ts";

/** The fields of an SDK's error that are safe to read; the rest may hold a request and its value. */
interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly details?: unknown;
  /** Inspected but never reported: it may be the text of any answer. */
  readonly message?: unknown;
  readonly response?: { headers?: { get(name: string): string | undefined } };
  readonly stack?: unknown;
}

type Known = Pick<CallProgress, "sent" | "answer">;

const NOTHING_KNOWN: Known = { sent: true, answer: undefined };

/** What SDKs throw on purpose if no answer came. */
const EXPECTED = ["RestError", "SdkLoadError", "CredentialUnavailableError", "AuthenticationRequiredError"];

/**
 * Describes whatever an SDK threw, without anything that was sent or received. An error that no SDK throws on purpose,
 * thrown before anything was sent, is a bug in this app: it is returned as it is, without its text.
 */
export function toServiceError(thrown: unknown, site: CallSite, known: Known = NOTHING_KNOWN): Error {
  const nothingSent = !known.sent;
  if (thrown instanceof ServiceError) {
    // No token for a second attempt says nothing about the first.
    return nothingSent ? thrown : new ServiceError({ ...thrown, nothingSent, cause: thrown.cause });
  }
  const error = (typeof thrown === "object" && thrown !== null ? thrown : {}) as SdkError;
  const timedOut = error.name === "AbortError" || error.name === "TimeoutError";
  const answer = timedOut || known.answer?.isChallenge ? undefined : known.answer;
  const status = numberOf(error.statusCode) ?? answer?.status;
  const isExpected =
    timedOut || EXPECTED.some((name) => name === error.name) || refusesChallenge(error, known);
  if (!isExpected && status === undefined && nothingSent) return withoutContent(error);
  const body = bodyOf(error, site, known);
  return new ServiceError({
    service: site.service,
    operation: site.operation,
    target: site.target,
    ...explain(error, status, body, site, known),
    status,
    code: body?.code ?? (status === undefined ? tokenOf(error.code) : undefined),
    requestId: tokenOf(error.response?.headers?.get("x-ms-request-id")),
    nothingSent,
    cause: withoutContent(error),
  });
}

/** A successful answer that makes no sense. */
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

/** How to explain an answer that the service did not give. */
export function notTheService({ service }: CallSite): string {
  return `the answer is not from ${service}, but probably from a proxy, or from a host that private DNS returns instead; check the proxy settings, the DNS that the app uses, and the URL in its settings`;
}

function explain(
  error: SdkError,
  status: number | undefined,
  body: ErrorBody | undefined,
  site: CallSite,
  { sent, answer }: Known,
): Explanation {
  if (error.name === "SdkLoadError") {
    return {
      reason: "unavailable",
      explanation:
        "the SDK for this service could not be loaded from the app's files; the next call tries again; if it persists, deploy the app again",
    };
  }
  if (refusesChallenge(error, { sent, answer })) {
    return { reason: "unexpected-response", explanation: notTheService(site) };
  }
  if (error.name === "AbortError" || error.name === "TimeoutError") return explainTimeout(site, sent);
  if (site.service === "Managed identity") return explainNoToken(answer, error.message, site);
  return status === undefined ? explainNoAnswer(error) : explainAnswer(error, status, body, site);
}

function explainTimeout({ service }: CallSite, sent: boolean): Explanation {
  const explanation =
    sent || service === "Managed identity"
      ? "no answer came in time; the next tick tries again"
      : "it timed out before it could be sent, because no token came in time; the next tick tries again";
  return { reason: "unavailable", explanation };
}

function explainAnswer(
  error: SdkError,
  status: number,
  body: ErrorBody | undefined,
  site: CallSite,
): Explanation {
  if (error.name === "RetryTooLateError") {
    return {
      reason: "throttled",
      explanation: "the service asks to wait longer than this run may take; the next tick tries again",
    };
  }
  const said = inBrackets(body?.message);
  const refusal = body && knownRefusal(site, body.code);
  if (refusal) {
    return { reason: refusal.reason, explanation: `${refusal.what}${said}; ${refusal.remedy}` };
  }
  if (status === 429) {
    return { reason: "throttled", explanation: `too many requests${said}; the next tick tries again` };
  }
  if (status >= 500 || status === 408) {
    return {
      reason: "unavailable",
      explanation: `the service did not carry out the request or could not say so${said}; the next tick tries again`,
    };
  }
  if (body === undefined && status !== 202 && status !== 204) {
    return { reason: "unexpected-response", explanation: notTheService(site) };
  }
  if (status === 404 && site.service === "Azure Resource Manager") {
    return { reason: "runtime-missing", explanation: `Azure does not find the runtime${said}` };
  }
  if (status === 401 || status === 403) {
    return { reason: "access-denied", explanation: `the service denies the app access${said}` };
  }
  return {
    reason: "unexpected-response",
    explanation: `the answer is unexpected for this operation${said}; the next tick tries again; if it persists, somebody has to look into it`,
  };
}

/** Key Vault's SDK rejects a challenge from another host. */
function refusesChallenge({ name }: SdkError, { sent, answer }: Known): boolean {
  return name === "Error" && !sent && answer?.isChallenge === true;
}

function explainNoAnswer({ name, code }: SdkError): Explanation {
  if (code === "PARSE_ERROR") {
    return {
      reason: "unexpected-response",
      explanation: "the answer was cut short or is not JSON; the next tick tries again",
    };
  }
  if (name !== "RestError") {
    return {
      reason: "unexpected-response",
      explanation: "the SDK could not make sense of the answer; the next tick tries again",
    };
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
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

/** The service's own error. Storage also sends its code in a header, which proxies do not. */
function bodyOf(
  { details, response }: SdkError,
  { service }: CallSite,
  { answer }: Known,
): ErrorBody | undefined {
  const body = errorBodyOf(details) ?? errorBodyOf(answer?.json);
  if (service !== "Blob Storage") return body;
  const code = tokenOf(response?.headers?.get("x-ms-error-code"));
  return code === undefined ? undefined : { code, message: body?.message };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
