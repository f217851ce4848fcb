import { isDeepStrictEqual } from "node:util";

/** Something that the demo says is not so. */
export class ClaimError extends Error {
  override readonly name = "ClaimError";
}

let checked = 0;

/** How many claims held so far. */
export function claimsChecked(): number {
  return checked;
}

/**
 * Claims that something is as expected.
 * @throws {ClaimError} that tells both where it is not
 */
export function claim(what: string, seen: unknown, expected: unknown): void {
  checked += 1;
  if (isDeepStrictEqual(seen, expected)) return;
  throw new ClaimError(`${what}\n  expected  ${show(expected)}\n  seen      ${show(seen)}`);
}

function show(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
