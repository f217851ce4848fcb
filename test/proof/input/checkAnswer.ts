import assert from "node:assert/strict";
import { checkFlaws, checkProblems } from "./checkProblems.ts";
import { configured } from "./configured.ts";
import type { Refused } from "./readBody.ts";
import type { Answer } from "./stage.ts";

/** What a problem may be longer where it lists the ids of the runtimes that a name could mean. */
const IDS_LENGTH = configured.reduce((sum, { id }) => sum + id.length + 2, 0);

/** Checks the answer to a body that cannot be used. */
export function checkRefusal(answer: Answer, { status, flaws }: Refused): void {
  const title = status === 404 ? "No such runtime" : "The request cannot be used";
  const { problems } = JSON.parse(answer.text);
  checkProblemDetails(answer, status, title, problems);
  checkProblems(problems, 700 + IDS_LENGTH);
  checkFlaws(problems, flaws);
}

/** Checks an answer against RFC 9457, to the last property, and that nothing was logged. */
export function checkProblemDetails(
  { status, contentType, text, log }: Answer,
  expected: number,
  title: string,
  problems: readonly string[],
): void {
  assert.equal(status, expected);
  assert.equal(contentType, "application/problem+json");
  const detail = problems.join("; ");
  assert.deepEqual(JSON.parse(text), { type: "about:blank", title, status, detail, problems });
  assert.deepEqual(log, []);
}
