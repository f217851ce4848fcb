/** The one way to call a service: with a time limit, and with errors that hold nothing secret. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { CallLimit } from "../services.ts";
import { ATTEMPT_MS } from "../timeLimits.ts";
import type { CallProgress, CallSite } from "./call.ts";
import { notTheService, toServiceError, unexpected } from "./sdkError.ts";

/** The SDK options that limit a call and each of its attempts. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
  readonly requestOptions: { readonly timeout: number };
}

const progresses = new AsyncLocalStorage<CallProgress>();

/** The call that the current code belongs to. */
export function currentCall(): CallProgress | undefined {
  return progresses.getStore();
}

/**
 * Makes one call, turns whatever the SDK throws into a ServiceError, and ends it at its limit, which includes loading the
 * SDK and getting a token. `send` only sends, so that a bug in handling the answer is not blamed on the SDK.
 */
export async function callService<T>(
  site: CallSite,
  { timeoutMs, attemptNeedsMs = 0, attemptMs = ATTEMPT_MS }: CallLimit & { readonly attemptMs?: number },
  send: (options: CallOptions, call: CallProgress) => Promise<T>,
): Promise<T> {
  const call: CallProgress = {
    lastStart: performance.now() + timeoutMs - attemptNeedsMs,
    sent: false,
    answer: undefined,
  };
  const late = Promise.withResolvers<never>();
  const ending = new AbortController();
  const timer = setTimeout(() => {
    late.reject(new DOMException("the call's time is over", "TimeoutError"));
    // Do not send what is still waiting for its token or its SDK.
    ending.abort();
  }, timeoutMs);
  const options = {
    abortSignal: ending.signal,
    requestOptions: { timeout: Math.min(timeoutMs, attemptMs) },
  };
  let answer: T;
  try {
    answer = await Promise.race([progresses.run(call, () => send(options, call)), late.promise]);
  } catch (thrown) {
    throw toServiceError(thrown, site, call);
  } finally {
    clearTimeout(timer);
  }
  if (call.answer !== undefined && call.answer.json === undefined)
    throw unexpected(site, notTheService(site));
  return answer;
}
