import { expect, it } from "vitest";
import { playMatrix, SMALL } from "./matrix.ts";

it("keeps every promise behind one in twenty-five of the faults at any call, kills and processes at once", {
  timeout: 600_000,
}, async () => {
  const { reports, crowd } = await playMatrix(SMALL);
  const broken = reports.filter(({ violations }) => violations.length > 0);
  expect(broken.map(({ name, violations }) => [name, ...violations])).toEqual([]);
  expect(crowd.violations).toEqual([]);
  expect([reports.length > 40, crowd.rounds > 0]).toEqual([true, true]);
});
