import { ServiceError } from "../errors.ts";
import type { CallProgress, CallSite, Explanation } from "./call.ts";
import { type ErrorBody, errorBodyOf, tokenOf } from "./errorBody.ts";
import { explainNoToken } from "./noToken.ts";
import { refusalOf } from "./refusals.ts";
import { withoutContent } from "./withoutContent.ts";

/** The parts of an SDK's error that are safe to read; all else of it may hold a request with a value in it. */
interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly details?: unknown;
  /** Only looked at, never told: it may be the text of any answer. */
  readonly message?: unknown;
  readonly response?: { headers?: { get(name: string): string | undefined } };
  readonly stack?: unknown;
}

type Known = Pick<CallProgress, "sent" | "answer">;

const NOTHING_KNOWN: Known = { sent: true, answer: undefined };

/** What SDKs throw by design where no answer came. */
const FORESEEN = ["RestError", "SdkLoadError", "CredentialUnavailableError", "AuthenticationRequiredError"];

/**
 * Describes whatever an SDK threw without taking over anything that was sent or received. What was thrown before any
 * request went out, and by no SDK's design, is a defect of this app: it is handed back as it is, without its text.
 */
export function toServiceError(thrown: unknown, site: CallSite, known: Known = NOTHING_KNOWN): Error {
  const nothingSent = !known.sent;
  if (thrown instanceof ServiceError) {
    // No token for a second attempt says nothing about the first.
    return nothingSent ? thrown : new ServiceError({ ...thrown, nothingSent, cause: thrown.cause });
  }
  const error = (typeof thrown === "object" && thrown !== null ? thrown : {}) as SdkError;
  const isOver = error.name === "AbortError" || error.name === "TimeoutError";
  const answer = isOver || known.answer?.isChallenge ? undefined : known.answer;
  const status = numberOf(error.statusCode) ?? answer?.status;
  const isForeseen = isOver || FORESEEN.some((name) => name === error.name) || refusesChallenge(error, known);
  if (!isForeseen && status === undefined && nothingSent) return withoutContent(error);
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

/** What to say about an answer that the service did not give. */
export function notTheService({ service }: CallSite): string {
  return `what answered does not speak as ${service} does: probably a proxy, or a host that private DNS leads to in its place; check the proxy settings, the DNS that the app uses, and the URL in its settings`;
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
        "a part of the app that speaks to this service could not be loaded from its files; the next call tries again, and if it stays, deploy the app again",
    };
  }
  if (refusesChallenge(error, { sent, answer })) {
    return { reason: "unexpected-response", explanation: notTheService(site) };
  }
  if (error.name === "AbortError" || error.name === "TimeoutError") return explainOver(site, sent);
  if (site.service === "Managed identity") return explainNoToken(answer, error.message, site);
  return status === undefined ? explainNoAnswer(error) : explainAnswer(error, status, body, site);
}

function explainOver({ service }: CallSite, sent: boolean): Explanation {
  const explanation =
    sent || service === "Managed identity"
      ? "no answer came in time; the next tick tries again"
      : "its time was over before it could be sent, because its token did not come in time; the next tick tries again";
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
  const said = body?.message === undefined ? "" : ` ("${body.message}")`;
  const refusal = body && refusalOf(site, body.code);
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
    return { reason: "access-denied", explanation: `the service refuses this to the app${said}` };
  }
  return {
    reason: "unexpected-response",
    explanation: `the answer is not one that this operation gives${said}; the next tick tries again, and if it stays somebody has to look`,
  };
}

/** Key Vault's SDK does not go by a challenge of another host. */
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

/** The service's own words: storage has its code in a header as well, which no proxy of others sends. */
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
