import { expect, it } from "vitest";
import { SMALLEST } from "./bounds.ts";
import { exploreAll } from "./exploreAll.ts";

it("keeps every promise in every interleaving of two runs with a fault, and of one after the other with an outside act", {
  timeout: 600_000,
}, async () => {
  const { violations, states, ends } = await exploreAll(SMALLEST);
  expect(violations).toEqual([]);
  expect([states > 50_000, ends > 5000]).toEqual([true, true]);
});
