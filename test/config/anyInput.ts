/** What tests of any input share: parts that are right, nearly right or anything at all, and how a refusal has to be. */
import fc from "fast-check";
import { expect } from "vitest";

/** Stands in every made-up credential below: where it is in a message, a credential was shown. */
const CANARY = /canary/i;

/** Credentials as people paste them, each of which could end up in a wrong field. */
const credentials = fc.constantFrom(
  "IR@01234567-89ab-4cde-8f01-23456789abcd@canary@ServiceEndpoint=contoso.westeurope.datafactory.azure.net@FAKEcanary0/aGk+c2VjcmV0IG9mIHRoaXJ0eSB0d28gYnl0ZXM=",
  "IR%40guid%40contoso%40FAKEcanary",
  "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=FAKEcanary/bWFkZSB1cA==;EndpointSuffix=core.windows.net",
  "AccountName=account; AccountKey = FAKEcanary==",
  "https://account.blob.core.windows.net/container?sv=2026-01-01&sr=c&sp=rl&sig=FAKEcanary%3D",
  "sv=2026-01-01&sig%3DFAKEcanary",
  "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=FAKEcanary=",
  "https://user:FAKEcanary@contoso.vault.azure.net",
  `${"FAKE/canary+".repeat(7)}AA==`,
  "eyJhbGciOiJub25lIn0.FAKEcanary.FAKEcanary",
);

export const junk = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: "binary" }),
  { arbitrary: credentials, weight: 3 },
  fc.constantFrom("x".repeat(5000), "\u{e0001}".repeat(1000), "", " ", "__proto__", "constructor"),
);

/** Usually what is right, or nearly, and now and then anything at all. */
export function mostly<T>(usual: fc.Arbitrary<T>, weight = 80): fc.Arbitrary<unknown> {
  return fc.oneof<fc.MaybeWeightedArbitrary<unknown>[]>({ arbitrary: usual, weight }, junk);
}

/** Of these, and now and then of those, which are wrong or do not fit. */
export function usually<T>(good: readonly T[], odd: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: fc.constantFrom(...good), weight: 25 }, fc.constantFrom(...odd));
}

/** Texts with one character replaced; half of a credential is none and may be shown, so those stay as they are. */
export function edited(texts: fc.Arbitrary<string>, pieces: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(texts, fc.nat(), pieces).map(([text, at, piece]) => {
    const place = at % (text.length + 1);
    return CANARY.test(text) ? text : text.slice(0, place) + piece + text.slice(place + 1);
  });
}

const PROBLEM = /^([A-Za-z_]+(?:\[\d+\])?(?:\.[A-Za-z]+(?:\[\d+\])?)?): (.{10,})$/u;

/** Every problem is one short line with a place and what is accepted, told once, and shows no credential. */
export function checkProblems(problems: readonly string[]): void {
  expect(problems).not.toEqual([]);
  expect(new Set(problems).size).toBe(problems.length);
  for (const problem of problems) {
    expect(problem).toMatch(PROBLEM);
    expect(problem).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|undefined|Invalid input|\[object/u);
    expect(problem, "a credential is shown").not.toMatch(CANARY);
    expect(problem.length).toBeLessThanOrEqual(1000);
  }
}
