/** Pipeline policies that all SDK clients share: retries, bookkeeping, proxy connections. */
import type { SecretClientOptions } from "@azure/keyvault-secrets";
import type { Answer } from "./call.ts";
import { currentCall } from "./callService.ts";
import { prepareAgent } from "./prepareAgent.ts";

export type Policy = NonNullable<SecretClientOptions["additionalPolicies"]>[number];
type Response = Awaited<ReturnType<Policy["policy"]["sendRequest"]>>;

/** Reads and vault calls get one retry; `regenerateAuthKey` gets none, because each request mints a value. */
export const ONE_RETRY = { maxRetries: 1 };
export const NO_RETRY = { maxRetries: 0 };

/** The last attempt of each request; a retry has the same request object. */
const attempts = new WeakMap<object, Promise<Response>>();

/** The service asks for a longer wait than this call has left, so waiting would only end in a timeout. */
export class RetryTooLateError extends Error {
  override readonly name = "RetryTooLateError";
  readonly statusCode: number;

  constructor(statusCode: number, waitMs: number) {
    super(`asked to wait ${Math.ceil(waitMs / 1000)} s`);
    this.statusCode = statusCode;
  }
}

/**
 * Keeps retries within the call's limit, which the SDK would exceed: it waits as long as the service asks. If that is too
 * long, the call ends at once; if the SDK's own retry comes too late, it is not sent and the call ends as the last
 * attempt did.
 */
export const retryWithinLimit: Policy = {
  position: "perRetry",
  policy: {
    name: "retryWithinLimit",
    async sendRequest(request, next) {
      const lastStart = currentCall()?.lastStart ?? Infinity;
      const before = attempts.get(request);
      if (before !== undefined && performance.now() > lastStart) return await before;
      const attempt = next(request);
      attempts.set(request, attempt);
      const response = await attempt;
      // Key Vault's first request is sent again at once with a token, which is not a retry.
      if (response.status === 401) attempts.delete(request);
      if (response.status !== 429 && response.status !== 503) return response;
      const waitMs = retryAfterMs(response);
      if (waitMs === undefined || performance.now() + waitMs < lastStart) return response;
      throw new RetryTooLateError(response.status, waitMs);
    },
  },
};

/** Records what a call sends and receives, because the SDKs' errors tell only part of it. */
export const noteProgress: Policy = {
  position: "perRetry",
  policy: {
    name: "noteProgress",
    async sendRequest(request, next) {
      const call = currentCall();
      if (call === undefined) return await next(request);
      // Key Vault's first request has no token and no body: it asks for a challenge.
      call.sent ||= request.headers.has("authorization");
      call.answer = undefined;
      const response = await next(request);
      const asksForToken = response.status === 401 && response.headers.has("www-authenticate");
      call.answer = answerOf(response, asksForToken && !request.headers.has("authorization"));
      return response;
    },
  },
};

/** Runs before the retries, because the SDKs' own logging policy does too. */
export const preparedAgent: Policy = {
  position: "perCall",
  policy: {
    name: "preparedAgent",
    async sendRequest(request, next) {
      prepareAgent(request);
      return await next(request);
    },
  },
};

function answerOf({ status, bodyAsText }: Response, isChallenge: boolean): Answer {
  try {
    return { status, isChallenge, json: JSON.parse(bodyAsText ?? "") };
  } catch {
    return { status, isChallenge, json: undefined };
  }
}

/** The headers that the SDKs follow, in their order and as they read them (docs/azure.md). */
export function retryAfterMs({ headers }: Response): number | undefined {
  const number = (name: string) => Number(headers.get(name) || Number.NaN);
  const date = Date.parse(headers.get("retry-after") ?? "") - Date.now();
  const waits = [number("retry-after-ms"), number("x-ms-retry-after-ms"), number("retry-after") * 1000, date];
  return waits.find((ms) => !Number.isNaN(ms));
}
