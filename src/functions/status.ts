import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { systemClock } from "../clock.ts";
import { status as readStatus } from "../status.ts";
import { getApp } from "./app.ts";
import { withProblems } from "./problem.ts";

/** `GET /api/status`: how every runtime stands. Costs one ARM write for each: `listAuthKeys` counts as one. */
export async function status(_request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  return await withProblems(context, async () => {
    const { config, services } = getApp();
    return { jsonBody: { runtimes: await readStatus(config, services, systemClock) } };
  });
}
