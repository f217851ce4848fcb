import assert from "node:assert/strict";
import { CANARY } from "./credentials.ts";

/** The longest that a problem may be, in characters: the longest format that can be asked for, and a value. */
const LONGEST = 700;

const PROBLEM = /^([A-Za-z_]+(?:\[\d+\])?(?:\.[A-Za-z]+(?:\[\d+\])?)?): (.{10,})$/u;

/** Something that is wrong with an input: where, and how the message has to show what stands there. */
export interface Flaw {
  readonly place: string;
  /** Undefined: nothing is there, or there is too much to show. */
  readonly shown?: string | undefined;
}

/** Checks that every problem is one short line with a place and what is accepted, and shows no credential. */
export function checkProblems(problems: readonly string[], longest = LONGEST): void {
  assert.ok(problems.length > 0, "refused without a problem");
  assert.equal(new Set(problems).size, problems.length, "a problem is told twice");
  for (const problem of problems) {
    assert.match(problem, PROBLEM);
    assert.doesNotMatch(problem, /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|undefined|Invalid input|\[object/u);
    assert.doesNotMatch(problem, CANARY, "a credential is shown");
    assert.ok(problem.length <= longest, `a problem of ${problem.length} characters`);
    assert.match(problem, /; give |; known are |; name those |; GET \/api\/status |longer than 64 KiB$/);
  }
}

/** Checks that exactly these places are named, and what stands there is shown where it can be. */
export function checkFlaws(problems: readonly string[], flaws: readonly Flaw[]): void {
  assert.deepEqual([...placesOf(problems)].sort(), [...new Set(flaws.map(({ place }) => place))].sort());
  for (const { place, shown } of flaws) {
    const told = problems.filter((problem) => problem.startsWith(`${place}: `));
    if (shown === undefined) continue;
    assert.ok(
      told.some((problem) => problem.includes(shown)),
      `${place} does not show ${shown}`,
    );
  }
}

/** The places that problems are about. */
export function placesOf(problems: readonly string[]): ReadonlySet<string> {
  return new Set(problems.map((problem) => problem.slice(0, problem.indexOf(": "))));
}

/** How a message has to show a value; undefined where only its beginning or an escaped form can be shown. */
export function shownAs(value: unknown): string | undefined {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return value === undefined ? "missing" : String(value);
  if (CANARY.test(value)) return "[redacted";
  return /^[ !#-[\]-~]{0,70}$/.test(value) ? `"${value}"` : undefined;
}
