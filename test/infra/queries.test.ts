import { describe, expect, test } from "vitest";
import { analyze } from "./kusto.ts";
import { queryFiles } from "./template.ts";

const queries = await queryFiles();

function query(name: string): string {
  return queries.find((query) => query.name === `infra/queries/${name}.kql`)!.text;
}

describe("each query", () => {
  test.each(queries)("$name is bound to the tables without a complaint", ({ text }) => {
    expect(analyze(text).problems).toEqual([]);
  });

  test.each(queries)("$name tells on what grounds it answers", ({ text }) => {
    expect(text).toMatch(/^\/\/ [A-Z]/);
  });
});

describe("a broken query is caught", () => {
  test.each([
    ["a misspelt table", "AppTraces", "AppTrace"],
    ["a misspelt column", "Message has", "Mesage has"],
    ["a misspelt function", "parse_json", "parse_jsn"],
    ["a missing parenthesis", "max(TimeGenerated)", "max(TimeGenerated"],
    ["an unknown operator", "| where isnull", "| were isnull"],
    ["a comparison of types that do not fit", "lastRun < ago(missingAfter)", "lastRun < 26"],
  ])("%s", (_, right, wrong) => {
    expect(analyze(query("missing-run").replace(right, wrong)).problems).not.toEqual([]);
  });
});

describe("what the alerts need of their queries", () => {
  test.each(queries.filter(({ text }) => text.includes("AppTraces")))(
    "$name does not take a dry run for a run",
    ({ text }) => {
      const onTheTimer = /^AppRequests$/m.test(text) || text.includes('tostring(line.trigger) == "timer"');
      const excluded = text.includes("| where isnull(line.dryRun) or tobool(line.dryRun) == false\n");
      expect(onTheTimer || excluded).toBe(true);
    },
  );

  test("waiting for others rings no alert on what is stuck, nor do lost nodes, which have their own", () => {
    const text = query("stuck-runtime");
    expect(text).toContain('in ("blocked", "failed", "deferred")');
    expect(text).not.toMatch(/"(kept|rollout|braked|paused)"/);
    expect(text).toContain('| where tostring(line.reason) != "nodes-lost"');
  });

  test("three declarations of a compromise within any hour are a row, by calls and not by what the timer finishes", () => {
    const text = query("compromised-often");
    expect(text).toContain('tostring(line.trigger) == "http"');
    expect(text).toMatch(/\| sort by TimeGenerated asc\n\| extend twoBefore = prev\(TimeGenerated, 2\)\n/);
    expect(text).toContain("TimeGenerated - twoBefore <= 1h");
  });

  test("an absence is a row: nothing but `summarize` without `by` stands between no line and the alert", () => {
    const operators = query("missing-run")
      .split("\n")
      .filter((line) => line.startsWith("|"));
    const afterwards = operators.slice(operators.findIndex((line) => line.startsWith("| summarize")));
    expect(afterwards).toEqual([
      "| summarize lastRun = max(TimeGenerated)",
      "| where isnull(lastRun) or lastRun < ago(missingAfter)",
      "| project TimeGenerated = ago(1m), lastRun",
    ]);
  });

  test.each(["failed-run", "stuck-runtime", "compromised", "nodes-lost"])(
    "%s has the dimensions of its alert",
    (name) => {
      expect(analyze(query(name)).columns).toMatchObject({
        TimeGenerated: "datetime",
        Runtime: "string",
        Outcome: "string",
        Reason: "string",
      });
    },
  );
});
