import { expect, it } from "vitest";
import { SMALL } from "./bounds.ts";
import { exploreAll } from "./exploreAll.ts";

it("keeps every promise in every interleaving of two runs with a fault or an outside act", {
  timeout: 600_000,
}, async () => {
  const { violations, states, ends } = await exploreAll(SMALL);
  expect(violations).toEqual([]);
  expect([states > 100_000, ends > 10_000]).toEqual([true, true]);
});
