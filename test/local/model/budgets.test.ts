import { expect, test } from "vitest";
import { armSpender, createBudgetState, spend } from "../../../local/azure/model/budgets.ts";

test("writes to ARM: 200 at once, then 10 each second, for every subscription", () => {
  const state = createBudgetState();
  for (let call = 0; call < 200; call++) expect(spend(state, "armWrites", "a", 0)).toBe(199 - call);
  expect(spend(state, "armWrites", "a", 0)).toBeUndefined();
  expect(spend(state, "armWrites", "b", 0)).toBe(199);
  expect(spend(state, "armReads", "a", 0)).toBe(249);
  for (let call = 0; call < 10; call++) expect(spend(state, "armWrites", "a", 1_000)).toBe(9 - call);
  expect(spend(state, "armWrites", "a", 1_000)).toBeUndefined();
});

test("ARM counts for every subscription and every caller apart", () => {
  const state = createBudgetState();
  expect(spend(state, "armWrites", armSpender("s", "app"), 0)).toBe(199);
  expect(spend(state, "armWrites", armSpender("S", "APP"), 0)).toBe(198);
  expect(spend(state, "armWrites", armSpender("s", "other"), 0)).toBe(199);
  expect(spend(state, "armWrites", armSpender("s-2", "app"), 0)).toBe(199);
});

test("a vault takes 300 new versions and 4,000 other calls in ten seconds", () => {
  const state = createBudgetState();
  expect(spend(state, "vaultCreates", "v", 0)).toBe(299);
  expect(spend(state, "vaultOthers", "v", 0)).toBe(3999);
});

test("an idle bucket does not overflow, and a clock that goes back fills nothing", () => {
  const state = createBudgetState();
  spend(state, "armWrites", "a", 1_000_000);
  expect(spend(state, "armWrites", "a", 9_000_000)).toBe(199);
  expect(spend(state, "armWrites", "a", 1_000_000)).toBe(198);
});
