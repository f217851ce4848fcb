/** Explains why the managed identity returned no token. */
import type { Answer, CallSite, Explanation } from "./call.ts";
import { inBrackets, sentenceOf } from "./errorBody.ts";

/** Judges by what the identity endpoint answered, because the library's own error does not tell. */
export function explainNoToken(
  answer: Answer | undefined,
  message: unknown,
  { permission }: CallSite,
): Explanation {
  if (answer === undefined) {
    const isUnreachable = typeof message === "string" && message.includes("network_error");
    const explanation = isUnreachable
      ? "the identity endpoint could not be reached; the next tick tries again; if it persists, restart the app"
      : `no token could be obtained; check that the app has ${permission}`;
    return { reason: "unavailable", explanation };
  }
  const { status, json } = answer;
  const sentence = sentenceIn(json);
  const said = inBrackets(sentence);
  if (status >= 500 || status === 429) {
    return {
      reason: "unavailable",
      explanation: `no token could be obtained${said}; the next tick tries again`,
    };
  }
  if (status < 300 || sentence === undefined) {
    return {
      reason: "unexpected-response",
      explanation:
        "the answer holds no token and is not from the platform's identity endpoint, but probably from a proxy; add the host of IDENTITY_ENDPOINT to NO_PROXY",
    };
  }
  return {
    reason: "unavailable",
    explanation: `no token could be obtained${said}; check that the app has ${permission}`,
  };
}

/** App Service says `Message`, the endpoint of virtual machines `error_description`. */
function sentenceIn(json: unknown): string | undefined {
  const { Message, error_description } = Object(json);
  return sentenceOf(Message) ?? sentenceOf(error_description);
}
