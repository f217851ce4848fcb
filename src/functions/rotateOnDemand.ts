import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { systemClock } from "../clock.ts";
import type { RunRequest } from "../plan/runRequest.ts";
import { discover } from "../reconcile/discover.ts";
import { httpAnswer } from "../report/report.ts";
import { type ConfiguredApp, configuredApp } from "./configuredApp.ts";
import { respond } from "./respond.ts";
import { BODY_FORMAT, parseRotateRequest, RequestError } from "./rotateRequest.ts";
import { runAndReport } from "./runAndReport.ts";

const MAX_BODY_BYTES = 64 * 1024;

/** `POST /api/rotate`: rotates some or all runtimes at once, or tells what that would do. */
export async function rotateOnDemand(
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  return await respond(context, async () => {
    const app = configuredApp();
    const asked = await requestOf(await bodyOf(request), app);
    return httpAnswer(await runAndReport({ ...asked, caller: callerOf(request) }, app, context));
  });
}

/** Looks for the runtimes of patterns only where somebody is not named by an ARM id: a compromise waits for no list. */
async function requestOf(body: string, { config, services }: ConfiguredApp): Promise<RunRequest> {
  const asked = parseRotateRequest(body, config);
  if (asked !== undefined) return asked;
  const { runtimes, scopes } = await discover(config, services, systemClock);
  const found = parseRotateRequest(body, { ...config, runtimes, patterns: [] });
  if (found === undefined) throw new Error("without patterns, every name is known or unknown");
  return { ...found, scopes };
}

async function bodyOf(request: HttpRequest): Promise<string> {
  // Refused unread by the length that it claims; what claims none, or less than it has, by the one that it has.
  refuseLong(Number(request.headers.get("content-length")));
  const body = await request.arrayBuffer();
  refuseLong(body.byteLength);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    // JSON is UTF-8: a name with replaced characters would be looked up, and called unknown.
    throw new RequestError(400, [`body: not valid UTF-8; give ${BODY_FORMAT}`]);
  }
}

function refuseLong(bytes: number): void {
  if (bytes > MAX_BODY_BYTES) throw new RequestError(400, ["body: longer than 64 KiB"]);
}

/** As App Service's authentication tells it in front of the app; from outside these headers do not get through. */
function callerOf({ headers }: HttpRequest): string | undefined {
  const name = headers.get("x-ms-client-principal-name") ?? headers.get("x-ms-client-principal-id");
  return name === null ? undefined : [...name].slice(0, 100).join("");
}
