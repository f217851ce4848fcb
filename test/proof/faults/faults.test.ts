import { expect, it } from "vitest";
import { playMatrix } from "./matrix.ts";

it("keeps every promise behind one in twenty-five of the faults at any call, kills and processes at once", {
  timeout: 600_000,
}, async () => {
  const { cells, crowd, broken } = await playMatrix(25);
  expect(broken).toEqual([]);
  expect([cells.length > 40, crowd?.rounds]).toEqual([true, 2]);
});
