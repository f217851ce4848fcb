import { expect, it } from "vitest";
import { longRun, SMALL } from "./longRun.ts";

it.for([1, 2, 3])(
  "no node that keeps to its contract is refused, and no promise is broken (seed %i)",
  { timeout: 60_000 },
  async (seed) => {
    const { violations, counts } = await longRun({ ...SMALL, seed });
    expect(violations).toEqual([]);
    // So that the checks have something to find.
    const some = [
      "refused: it read too seldom",
      "refused: declared compromised",
      "turns while another is at work",
      "outcome: rotated, compromised",
      "outcome: blocked, runtime-missing",
      "act: makes the runtime again",
      "left out where a scope failed",
      "throttled: by others",
    ];
    expect(some.filter((name) => (counts[name] ?? 0) === 0)).toEqual([]);
  },
);
