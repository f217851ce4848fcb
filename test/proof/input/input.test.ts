import { expect, test } from "vitest";
import { armId, problemsOf, withRuntimes } from "../../config/settings.ts";
import { proveInput } from "./proveInput.ts";

// Each run of the tests tries other inputs; `node test/proof/input/main.ts --small --seed N` tries the same again.
const seed = Math.floor(Math.random() * 2 ** 31);

test(`whatever is put in is read as it says or refused with short problems (seed ${seed})`, () => {
  const { settings, bodies } = proveInput(1000, seed);
  // Otherwise one half of the property was never looked at.
  for (const { valid, refused } of [settings, bodies]) expect(Math.min(valid, refused)).toBeGreaterThan(50);
});

test("a problem stays short, however many unknown properties there are", () => {
  const names = Array.from({ length: 5000 }, (_, number) => [`p${number}`, 1]);
  const [problem = ""] = problemsOf(withRuntimes({ id: armId(), ...Object.fromEntries(names) }));
  expect(problem.length).toBeLessThan(700);
});
