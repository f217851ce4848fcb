import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { httpAnswer } from "../report/report.ts";
import { configuredApp } from "./configuredApp.ts";
import { withProblems } from "./problemDetails.ts";
import { BODY_FORMAT, parseRotateRequest, RequestError } from "./rotateRequest.ts";
import { runAndReport } from "./runAndReport.ts";

const MAX_BODY_BYTES = 64 * 1024;

/** `POST /api/rotate`: rotates some or all runtimes at once, or tells what that would do. */
export async function rotateOnDemand(
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  return await withProblems(context, async () => {
    const app = configuredApp();
    const asked = parseRotateRequest(await bodyOf(request), app.config);
    return httpAnswer(await runAndReport(asked, app, context));
  });
}

async function bodyOf(request: HttpRequest): Promise<string> {
  const body = await request.arrayBuffer();
  if (body.byteLength > MAX_BODY_BYTES) throw new RequestError(400, ["body: longer than 64 KiB"]);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    // JSON is UTF-8: a name with replaced characters would be looked up, and called unknown.
    throw new RequestError(400, [`body: not valid UTF-8; give ${BODY_FORMAT}`]);
  }
}
