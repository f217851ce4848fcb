import { expect, inject, test } from "vitest";
import { quote } from "../../../src/config/quote.ts";
import { parseRotateRequest } from "../../../src/functions/rotateRequest.ts";
import { armId, configOf, problemsOf, withRuntimes } from "../../config/settings.ts";
import { proveInput } from "./proveInput.ts";

// Each run of the tests tries other inputs; `node test/proof/input/main.ts --small --seed N` tries the same again.
const seed = Math.floor(Math.random() * 2 ** 31);

test(`whatever is put in, it is read as it was meant or refused with the place, and never has an effect (seed ${seed})`, {
  timeout: 60_000,
}, async () => {
  const { properties } = await proveInput("small", seed, inject("localAzureAuthority"));
  const mixed = properties.filter(({ property }) =>
    /parts of all kinds|edited|raw|right shape/.test(property),
  );
  expect(mixed).toHaveLength(6);
  // Otherwise one half of the property was never looked at.
  for (const { valid, cases } of mixed) expect([valid > 0, valid < cases]).toEqual([true, true]);
});

test.for([
  ["a storage key alone", `${"FAKE/canary+".repeat(7)}AA==`],
  ["a connection string with spaces", "AccountName=account; AccountKey = FAKEcanary=="],
  ["an auth key as it is in a URL", "IR%40guid%40contoso%40FAKEcanary"],
  ["a signature as it is in a URL", "sv=2026-01-01&sig%3DFAKEcanary"],
  ["a bearer token", "eyJhbGciOiJub25lIn0.FAKEcanary.FAKEcanary"],
])("%s in a wrong place is not shown", ([, credential]) => {
  expect(quote(credential)).not.toContain("canary");
});

test("a problem stays short, however many unknown properties there are", () => {
  const names = Array.from({ length: 5000 }, (_, number) => [`p${number}`, 1]);
  const [problem = ""] = problemsOf(withRuntimes({ id: armId(), ...Object.fromEntries(names) }));
  expect(problem.length).toBeLessThan(700);
});

test("a body of white space that JSON does not know is told as such", () => {
  expect(() => parseRotateRequest("\u00a0", configOf(armId()))).toThrow(/^body: not valid JSON: /);
});
