/** Tells the pace what each request costs and what its answer says about rate limits. */
import type { RequestMeter } from "../services.ts";
import { type Policy, retryAfterMs } from "./policies.ts";

/**
 * Reports every request to Azure Resource Manager, each attempt separately. Everything but a GET counts as a write there,
 * also `listAuthKeys` and `getStatus` (docs/azure.md).
 */
export function countRequests(subscriptionId: string, meter: RequestMeter): Policy {
  return {
    position: "perRetry",
    policy: {
      name: "countRequests",
      async sendRequest(request, next) {
        const kind = request.method === "GET" ? "read" : "write";
        meter.sent(subscriptionId, kind);
        const response = await next(request);
        const remaining = response.headers.get(`x-ms-ratelimit-remaining-subscription-${kind}s`);
        meter.answered(subscriptionId, kind, {
          remaining: remaining !== undefined && /^\d{1,9}$/.test(remaining) ? Number(remaining) : undefined,
          throttled: response.status === 429,
          retryAfterMs: retryAfterMs(response),
        });
        return response;
      },
    },
  };
}
