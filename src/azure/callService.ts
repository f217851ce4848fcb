import { AsyncLocalStorage } from "node:async_hooks";
import type { CallLimit } from "../services.ts";
import type { CallProgress, CallSite } from "./call.ts";
import { notTheService, toServiceError, unexpected } from "./sdkError.ts";

/** One attempt; a hang has no default timeout (docs/azure.md). */
const ATTEMPT_MS = 10_000;

/** What an SDK has to be told so that a call and each of its attempts are bounded. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
  readonly requestOptions: { readonly timeout: number };
}

const progresses = new AsyncLocalStorage<CallProgress>();

/** The call in whose course this code runs. */
export function currentCall(): CallProgress | undefined {
  return progresses.getStore();
}

/**
 * Makes one call, so that nothing an SDK throws gets any further, and ends it at its limit: the loading of the SDK and
 * the token, which no SDK counts, included. `send` does no more than that, so that a defect in what is made of the
 * answer is not taken for the SDK's.
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
    // What still waits for its token or its SDK is not sent any more.
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
