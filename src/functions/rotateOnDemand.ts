import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { httpAnswer } from "../report/report.ts";
import { configuredApp } from "./configuredApp.ts";
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
    const asked = parseRotateRequest(await bodyOf(request), app.config);
    return httpAnswer(await runAndReport({ ...asked, caller: callerOf(request) }, app, context));
  });
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
