/** The function behind POST /api/rotate. */
import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { systemClock } from "../clock.ts";
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import type { RunRequest } from "../plan/runRequest.ts";
import { discover } from "../reconcile/discover.ts";
import { httpAnswer } from "../report/report.ts";
import { type ConfiguredApp, configuredApp } from "./configuredApp.ts";
import { respond } from "./respond.ts";
import { BODY_FORMAT, parseRotateRequest, RequestError } from "./rotateRequest.ts";
import { runAndReport } from "./runAndReport.ts";

const MAX_BODY_BYTES = 64 * 1024;

/** Rotates some or all runtimes, or says what that would do. */
export async function rotateOnDemand(
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  return await respond(request, context, async () => {
    const app = configuredApp();
    const { runRequest, fleet } = await requestOf(await bodyOf(request), app);
    return httpAnswer(await runAndReport({ ...runRequest, caller: callerOf(request) }, app, context, fleet));
  });
}

/** Lists the runtimes of patterns only if some are not named by ARM id, so that a compromise need not wait for lists. */
async function requestOf(
  body: string,
  { config, services, pace }: ConfiguredApp,
): Promise<{ runRequest: RunRequest; fleet: readonly RuntimeConfig[] }> {
  const runRequest = parseRotateRequest(body, config);
  if (runRequest !== undefined) return { runRequest, fleet: config.runtimes };
  const { runtimes, ...discovery } = await discover(config, services, systemClock, pace, "call");
  const amongFound = parseRotateRequest(body, { ...config, runtimes, patterns: [] });
  if (amongFound === undefined) throw new Error("without patterns, every name is known or unknown");
  return { runRequest: { ...amongFound, ...discovery }, fleet: runtimes };
}

async function bodyOf(request: HttpRequest): Promise<string> {
  // By its Content-Length before it is read, then by its real length, which may be greater.
  refuseLong(Number(request.headers.get("content-length")));
  const body = await request.arrayBuffer();
  refuseLong(body.byteLength);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    // JSON is UTF-8. Decoded leniently, a name would be looked up with its characters replaced, and called unknown.
    throw new RequestError(400, [`body: not valid UTF-8; give ${BODY_FORMAT}`]);
  }
}

function refuseLong(bytes: number): void {
  if (bytes > MAX_BODY_BYTES) throw new RequestError(400, ["body: longer than 64 KiB"]);
}

/** From the headers of App Service's authentication, which drops any that come from outside. */
function callerOf({ headers }: HttpRequest): string | undefined {
  const name = headers.get("x-ms-client-principal-name") ?? headers.get("x-ms-client-principal-id");
  return name === null ? undefined : [...name].slice(0, 100).join("");
}
