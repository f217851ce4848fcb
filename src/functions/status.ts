import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { systemClock } from "../clock.ts";
import { runtimeStatus } from "../report/runtimeStatus.ts";
import { configuredApp } from "./configuredApp.ts";
import { respond } from "./respond.ts";

/**
 * `GET /api/status`: how every runtime stands, and with `?history=true` the versions of its secret. Costs two ARM writes
 * for each: `listAuthKeys` and `getStatus` count as one.
 */
export async function status(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  return await respond(context, async () => {
    const { config, services } = configuredApp();
    const withHistory = request.query.get("history") === "true";
    return { jsonBody: { runtimes: await runtimeStatus(config, services, systemClock, withHistory) } };
  });
}
