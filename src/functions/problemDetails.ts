import type { HttpResponseInit, InvocationContext } from "@azure/functions";
import { ConfigurationError } from "../config/configurationError.ts";
import { RequestError } from "./rotateRequest.ts";

/** Answers with RFC 9457 problem details where a handler throws: the host would answer an empty 500. */
export async function withProblems(
  context: InvocationContext,
  handle: () => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof RequestError) {
      const title = error.status === 404 ? "No such runtime" : "The request cannot be used";
      return problem(error.status, title, error.problems);
    }
    if (error instanceof ConfigurationError) {
      return problem(500, "The app settings are wrong; nothing was done", error.problems);
    }
    // The text of an error that nobody foresaw may hold anything, so only its kind is told.
    const kind = error instanceof Error ? error.name : typeof error;
    context.error(JSON.stringify({ event: "rotation.bug", kind }));
    return problem(500, "A defect of this app stopped the request", [`unforeseen ${kind}; please report it`]);
  }
}

function problem(status: number, title: string, problems: readonly string[]): HttpResponseInit {
  return {
    status,
    headers: { "Content-Type": "application/problem+json" },
    body: JSON.stringify({ type: "about:blank", title, status, detail: problems.join("; "), problems }),
  };
}
