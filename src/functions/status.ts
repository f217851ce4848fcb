/** The function behind GET /api/status. */
import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { systemClock } from "../clock.ts";
import { fleetStatus } from "../report/fleetStatus.ts";
import { configuredApp } from "./configuredApp.ts";
import { respond } from "./respond.ts";

/**
 * `GET /api/status`: a page for a client that prefers one; else JSON, with `?history=true` also the versions of each
 * secret. Costs up to two ARM writes for each runtime: `listAuthKeys` and `getStatus` count as writes.
 */
export async function status(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  return await respond(request, context, async () => {
    const accept = request.headers.get("accept") ?? "";
    // What only browsers need is loaded for those alone that name it.
    if (/\btext\//i.test(accept)) {
      const { prefersPage, statusPage } = await import("./statusPage.ts");
      if (prefersPage(accept)) return await statusPage();
    }
    const { config, services, pace } = configuredApp();
    const withHistory = request.query.get("history") === "true";
    const { runtimes } = await fleetStatus(config, services, systemClock, pace, withHistory);
    return { jsonBody: { runtimes } };
  });
}
