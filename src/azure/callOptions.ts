import type { SecretClientOptions } from "@azure/keyvault-secrets";
import type { CallLimit } from "../services.ts";

type Policy = NonNullable<SecretClientOptions["additionalPolicies"]>[number];

/** One attempt; a hang has no default timeout (docs/azure.md). */
const ATTEMPT_MS = 10_000;

/** Reads and vault calls get one retry; `regenerateAuthKey` gets none, because each request mints a value. */
export const ONE_RETRY = { maxRetries: 1 };
export const NO_RETRY = { maxRetries: 0 };

/** By the call's abort signal: when its last attempt may start, as `performance.now()` tells it. */
const lastStarts = new WeakMap<object, number>();

/** By the request, which is the same for a call's retry: what the attempt before came to. */
const attempts = new WeakMap<object, ReturnType<Policy["policy"]["sendRequest"]>>();

/** Options for one SDK call: each attempt is bounded, and so is the whole with its retries. */
export function callOptions({ timeoutMs, attemptNeedsMs = 0 }: CallLimit, attemptMs = ATTEMPT_MS) {
  const abortSignal = AbortSignal.timeout(timeoutMs);
  lastStarts.set(abortSignal, performance.now() + timeoutMs - attemptNeedsMs);
  return { abortSignal, requestOptions: { timeout: Math.min(timeoutMs, attemptMs) } };
}

/** The service asks for more patience than this call has, so waiting would only end in a timeout. */
export class RetryTooLateError extends Error {
  override readonly name = "RetryTooLateError";
  readonly statusCode: number;

  constructor(statusCode: number, waitMs: number) {
    super(`asked to wait ${Math.ceil(waitMs / 1000)} s`);
    this.statusCode = statusCode;
  }
}

/**
 * Keeps a call's retry within its limit. Where its `Retry-After`, which the SDK follows without any cap, is
 * beyond that, the call ends at once; where the SDK comes back too late by itself, nothing is sent again and
 * the call ends with what the attempt before came to.
 */
export const retryWithinLimit: Policy = {
  position: "perRetry",
  policy: {
    name: "retryWithinLimit",
    async sendRequest(request, next) {
      const lastStart = (request.abortSignal && lastStarts.get(request.abortSignal)) ?? Infinity;
      const before = attempts.get(request);
      if (before !== undefined && performance.now() > lastStart) return await before;
      const attempt = next(request);
      attempts.set(request, attempt);
      const response = await attempt;
      // Sent again with a token at once, as Key Vault's first request is: that is no retry.
      if (response.status === 401) attempts.delete(request);
      if (response.status !== 429 && response.status !== 503) return response;
      const waitMs = retryAfterMs(response.headers.get("retry-after"));
      if (waitMs === undefined || performance.now() + waitMs < lastStart) return response;
      throw new RetryTooLateError(response.status, waitMs);
    },
  },
};

/**
 * Keeps the agent of a request out of what the SDKs log with AZURE_LOG_LEVEL set: behind a proxy it holds the headers of
 * other requests, and with them their tokens. Before all else, because the log's own policy comes before the retries.
 */
export const hiddenAgent: Policy = {
  position: "perCall",
  policy: {
    name: "hiddenAgent",
    async sendRequest(request, next) {
      Object.defineProperty(request, "agent", { value: request.agent, writable: true, enumerable: false });
      return await next(request);
    },
  },
};

function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : ms;
}
