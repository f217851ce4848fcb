import { expect, it } from "vitest";
import { longRun, SMALL } from "./longRun.ts";

it.for([1, 2, 3])(
  "no node that keeps to its contract is refused, and no promise is broken (seed %i)",
  async (seed) => {
    const figures = await longRun({ ...SMALL, seed, only: undefined });
    expect(figures.violations).toEqual([]);
    expect(figures.keepersRefused).toBe(0);
    // Nodes that read too seldom are refused: the check has something to find.
    expect(figures.breakersRefused).toBeGreaterThan(0);
  },
);
