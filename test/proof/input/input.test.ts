import { expect, test } from "vitest";
import { proveInput } from "./proveInput.ts";

// Each run of the tests tries other inputs; `node test/proof/input/main.ts --small --seed N` tries the same again.
const seed = Math.floor(Math.random() * 2 ** 31);

test(`whatever is put in is read as it says or refused with short problems (seed ${seed})`, () => {
  const { settings, bodies } = proveInput(1000, seed);
  // Otherwise one half of the property was never looked at.
  for (const { valid, refused } of [settings, bodies]) expect(Math.min(valid, refused)).toBeGreaterThan(50);
});
