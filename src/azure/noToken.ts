import type { Answer, CallSite, Explanation } from "./call.ts";
import { sentenceOf } from "./errorBody.ts";

/** Why the managed identity gave no token, by what its endpoint answered: the library's own error does not tell. */
export function explainNoToken(
  answer: Answer | undefined,
  message: unknown,
  { permission }: CallSite,
): Explanation {
  if (answer === undefined) {
    const isUnreachable = typeof message === "string" && message.includes("network_error");
    const explanation = isUnreachable
      ? "the endpoint that gives tokens could not be reached; the next tick tries again, and if it stays, restart the app"
      : `no token could be had; check that the app has ${permission}`;
    return { reason: "unavailable", explanation };
  }
  const { status, json } = answer;
  const said = quote(json);
  if (status >= 500 || status === 429) {
    return {
      reason: "unavailable",
      explanation: `no token could be had${said ?? ""}; the next tick tries again`,
    };
  }
  if (status < 300 || said === undefined) {
    return {
      reason: "unexpected-response",
      explanation:
        "what answered gave no token and does not speak as the platform's endpoint does: probably a proxy; NO_PROXY has to name the host of IDENTITY_ENDPOINT",
    };
  }
  return {
    reason: "unavailable",
    explanation: `no token could be had${said}; check that the app has ${permission}`,
  };
}

/** App Service says `Message`, the endpoint of virtual machines `error_description`. */
function quote(json: unknown): string | undefined {
  const { Message, error_description } = Object(json);
  const sentence = sentenceOf(Message) ?? sentenceOf(error_description);
  return sentence && ` ("${sentence}")`;
}
