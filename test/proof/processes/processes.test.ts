import { expect, it } from "vitest";
import { proveProcesses } from "./proveProcesses.ts";
import { SMALL } from "./sizes.ts";

it("keeps the promises while processes of the built app work at once and are killed", {
  timeout: 180_000,
}, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const onViolation = (story: string) => console.log(story);
  const figures = await proveProcesses({ seed, ...SMALL, onViolation });
  expect(figures.violations, `seed ${seed}`).toEqual([]);
  expect(figures.rounds).toBeGreaterThan(0);
});
