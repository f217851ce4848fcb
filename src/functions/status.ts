import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { systemClock } from "../clock.ts";
import { status as readStatus } from "../report/runtimeStatus.ts";
import { getApp } from "./configuredApp.ts";
import { respond } from "./respond.ts";

/** `GET /api/status`: how every runtime stands. Costs one ARM write for each: `listAuthKeys` counts as one. */
export async function status(_request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  return await respond(context, async () => {
    const { config, services } = getApp();
    return { jsonBody: { runtimes: await readStatus(config, services, systemClock) } };
  });
}
