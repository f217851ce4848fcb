/** The function behind GET /api/status. */
import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { systemClock } from "../clock.ts";
import { configuredApp } from "./configuredApp.ts";
import { readFleet } from "./readFleet.ts";
import { respond } from "./respond.ts";

/**
 * Answers with a page if the client prefers one, else with JSON; `?history=true` adds the versions of each secret. Costs
 * up to two ARM writes for each runtime, because `listAuthKeys` and `getStatus` count as writes.
 */
export async function status(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  return await respond(request, context, async () => {
    const accept = request.headers.get("accept") ?? "";
    // The page's code is loaded only for clients that accept text.
    if (/\btext\//i.test(accept)) {
      const { prefersPage, statusPage } = await import("./statusPage.ts");
      if (prefersPage(accept)) return await statusPage();
    }
    const { config, services, pace } = configuredApp();
    const withHistory = request.query.get("history") === "true";
    const { runtimes } = await readFleet(config, services, systemClock, pace, withHistory);
    return { jsonBody: { runtimes: runtimes.map(({ parent, name, ...status }) => status) } };
  });
}
