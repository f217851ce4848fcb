/** Turns what a handler returns or throws into an HTTP answer. */
import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { ConfigurationError } from "../config/configurationError.ts";
import { RequestError } from "./rotateRequest.ts";

/** No cache may keep an answer, and no browser may guess its type. */
const HEADERS = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

/** A body may have thousands of mistakes: so many are listed. */
const MOST_PROBLEMS = 20;

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly jsonBody: object;
}

/** An answer that is not JSON and names its own type. */
interface TextAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Answers with RFC 9457 problem details if the handler throws, because the host would answer with an empty 500. JSON ends
 * with a line break for terminals, and `?pretty` indents it.
 */
export async function respond(
  request: HttpRequest,
  context: InvocationContext,
  handle: () => Promise<Answer | TextAnswer>,
): Promise<HttpResponseInit> {
  const answer = await handle().catch((error) => problemDetails(error, context));
  if ("body" in answer) return { headers: { ...answer.headers, ...HEADERS }, body: answer.body };
  const { status, headers, jsonBody } = answer;
  const indent = ["", "true"].includes(request.query.get("pretty") ?? "false") ? 2 : 0;
  return {
    ...(status === undefined ? {} : { status }),
    headers: { "Content-Type": "application/json", ...headers, ...HEADERS },
    body: `${JSON.stringify(jsonBody, null, indent)}\n`,
  };
}

function problemDetails(error: unknown, context: InvocationContext): Answer {
  if (error instanceof RequestError) {
    const title = error.status === 404 ? "No such runtime" : "The request cannot be used";
    return problem(error.status, title, error.problems);
  }
  if (error instanceof ConfigurationError) {
    return problem(500, "The app settings are wrong; nothing was done", error.problems);
  }
  // The text of an unexpected error may hold anything, so only its name is reported.
  const kind = error instanceof Error ? error.name : typeof error;
  context.error(JSON.stringify({ event: "rotation.bug", kind }));
  return problem(500, "A defect of this app stopped the request", [`unexpected ${kind}; please report it`]);
}

function problem(status: number, title: string, all: readonly string[]): Answer {
  const problems = all.slice(0, MOST_PROBLEMS);
  const detail =
    all.length > MOST_PROBLEMS
      ? `There are ${all.length} problems; the first ${MOST_PROBLEMS} are listed in "problems".`
      : 'What is wrong is listed in "problems".';
  return {
    status,
    headers: { "Content-Type": "application/problem+json" },
    jsonBody: { type: "about:blank", title, status, detail, problems },
  };
}
