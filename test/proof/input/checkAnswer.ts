import assert from "node:assert/strict";
import { checkFlaws, checkProblems } from "./checkProblems.ts";
import { configured } from "./configured.ts";
import type { Refused } from "./readBody.ts";
import type { Answer } from "./stage.ts";

/** What a problem may be longer where it lists the ids of the runtimes that a name could mean. */
const IDS_LENGTH = configured.reduce((sum, { id }) => sum + id.length + 2, 0);

/** An answer lists no more. */
const MOST_PROBLEMS = 20;

/** Checks the answer to a body that cannot be used. */
export function checkRefusal(answer: Answer, { status, flaws }: Refused): void {
  const title = status === 404 ? "No such runtime" : "The request cannot be used";
  const { problems } = JSON.parse(answer.text);
  checkProblemDetails(answer, status, title, problems);
  checkProblems(problems, 700 + IDS_LENGTH);
  if (problems.length < MOST_PROBLEMS) checkFlaws(problems, flaws);
}

/** Checks an answer against RFC 9457, to the last property, and that nothing was logged. A part of the problems is enough. */
export function checkProblemDetails(
  { status, contentType, text, log }: Answer,
  expected: number,
  title: string,
  problems: readonly string[],
): void {
  assert.equal(status, expected);
  assert.equal(contentType, "application/problem+json");
  const { detail, ...others } = JSON.parse(text);
  const told = problems.slice(0, MOST_PROBLEMS);
  assert.deepEqual(others, { type: "about:blank", title, status, problems: told });
  assert.match(detail, /listed in "problems"\.$/);
  assert.deepEqual(log, []);
}
