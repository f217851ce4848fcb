import type { SecretClientOptions } from "@azure/keyvault-secrets";
import type { CallLimit } from "../services.ts";

type Policy = NonNullable<SecretClientOptions["additionalPolicies"]>[number];

/** One attempt; a hang has no default timeout (AZURE-FACTS §2). */
const ATTEMPT_MS = 10_000;

/** Reads and vault calls get one retry; `regenerateAuthKey` gets none, because each request mints a value. */
export const ONE_RETRY = { maxRetries: 1 };
export const NO_RETRY = { maxRetries: 0 };

const ends = new WeakMap<object, number>();

/** Options for one SDK call: each attempt is bounded, and so is the whole with its retries. */
export function callOptions({ timeoutMs }: CallLimit, attemptMs = ATTEMPT_MS) {
  const abortSignal = AbortSignal.timeout(timeoutMs);
  ends.set(abortSignal, performance.now() + timeoutMs);
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

/** Ends a call at once where its `Retry-After`, which the SDK follows without any cap, is beyond its limit. */
export const retryAfterWithinLimit: Policy = {
  position: "perRetry",
  policy: {
    name: "retryAfterWithinLimit",
    async sendRequest(request, next) {
      const response = await next(request);
      if (response.status !== 429 && response.status !== 503) return response;
      const waitMs = retryAfterMs(response.headers.get("retry-after"));
      const end = request.abortSignal && ends.get(request.abortSignal);
      if (waitMs === undefined || end === undefined || performance.now() + waitMs < end) return response;
      throw new RetryTooLateError(response.status, waitMs);
    },
  },
};

function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : ms;
}
