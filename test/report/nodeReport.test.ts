import { expect, test } from "vitest";
import { nodeReports } from "../../src/report/nodeReport.ts";

const node = { status: "Online", version: "5.51", registeredAt: undefined, lastConnectedAt: undefined };

test("what other people call a node is cut to 100 characters, and tells no key", () => {
  const names = ["n".repeat(101), "\u{1F511}".repeat(101), "IR@FAKE@contoso@FAKE of node 7"];
  const reports = nodeReports(
    names.map((name) => ({ ...node, name, status: name, version: name })),
    undefined,
  );
  expect(reports?.map(({ name }) => name)).toEqual([
    "n".repeat(100),
    "\u{1F511}".repeat(100),
    "[redacted] of node 7",
  ]);
  for (const { name, status, version } of reports ?? []) expect([status, version]).toEqual([name, name]);
});
