import { beforeAll, expect, test } from "vitest";
import { proveRedaction, type RedactionFigures } from "./proveRedaction.ts";

let figures: RedactionFigures;
beforeAll(async () => {
  figures = await proveRedaction("small");
}, 120_000);

test("whatever Azure answers to any call of the adapters, no error and no result shows a key or a token", () => {
  for (const { cells, thrown, idle, leaks } of Object.values(figures)) {
    expect(leaks).toEqual([]);
    // Every answer was really given, and most made the call fail.
    expect(idle).toEqual([]);
    expect(thrown).toBeGreaterThan(cells / 2);
  }
  expect(figures.errors.cells).toBeGreaterThan(150);
});

test("the SDKs print nothing by themselves", () => {
  expect(figures.errors.printed).toBe(0);
});

// They print all of a request; behind a proxy its agent with it, and with that the headers of other requests.
test.for(["verbose", "verbose behind a proxy"] as const)(
  "what they print (%s) shows no key and no token",
  (name) => {
    expect(figures[name].printed).toBeGreaterThan(10_000);
    expect(figures[name].found).toEqual([]);
  },
);
