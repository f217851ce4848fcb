import { describe, expect, test } from "vitest";
import { cases, missed } from "./cases.ts";
import { runCase, SMALL } from "./runCase.ts";

const caseNamed = (name: string) => cases.find((each) => each.name === name)!;

describe("a small fleet", () => {
  test.for([
    "no script, loss shows at once",
    "no script, after 30 h",
    "no script, at a restart, one a week",
    "script, loss would show at once",
    "upgrade with script",
    "10 % off each weekend, script",
    "half autoscaled, script",
  ])("keeps to what is promised: %s", async (name) => {
    const figures = await runCase(caseNamed(name), SMALL);
    expect(missed(caseNamed(name), figures)).toEqual([]);
  });
});
