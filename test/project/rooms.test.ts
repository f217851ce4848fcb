/** The rooms of src/: imports run downward only, none in a circle, and each service is known in one place. */
import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const BIOME = join(ROOT, "node_modules/@biomejs/biome/bin/biome");
const IMPORTS = "lint/style/noRestrictedImports";
const CIRCLE = "lint/suspicious/noImportCycles";

describe("the linter, asked about a copy of src/", () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "rooms-"));
    for (const each of ["biome.json", "src"]) cpSync(join(ROOT, each), join(copy, each), { recursive: true });
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  /** The rules about imports that the copy breaks once this is put before the code of a file. */
  function brokenBy(file: string, code: string): string[] {
    const path = join(copy, file);
    const before = readFileSync(path, "utf8");
    writeFileSync(path, `${code}\n${before}`);
    try {
      const options = ["--vcs-enabled=false", `--only=${IMPORTS.slice(5)}`, `--only=${CIRCLE.slice(5)}`];
      const { stdout } = spawnSync(process.execPath, [BIOME, "lint", ...options, "--reporter=json", "."], {
        cwd: copy,
      });
      const report: { diagnostics: { category: string; location: { path: string } }[] } = JSON.parse(
        `${stdout}`,
      );
      const broken = report.diagnostics.map(({ category, location }) => `${location.path}: ${category}`);
      return [...new Set(broken)].map((each) => each.replace("./", ""));
    } finally {
      writeFileSync(path, before);
    }
  }

  test("has nothing to say about it as it is", () => {
    expect(brokenBy("src/index.ts", "")).toEqual([]);
  });

  test.each<[file: string, code: string]>([
    // Upward, one for each room.
    ["src/keyValue.ts", 'export * from "./plan/schedule.ts";'],
    ["src/services.ts", 'export * from "./azure/connect.ts";'],
    ["src/config/urls.ts", 'import type {} from "../plan/schedule.ts";'],
    ["src/plan/plan.ts", 'import { retire } from "../reconcile/retire.ts";'],
    ["src/plan/plan.ts", 'import type {} from "../report/report.ts";'],
    ["src/reconcile/retire.ts", 'import {} from "../report/nodeReport.ts";'],
    ["src/reconcile/retire.ts", 'await import("../functions/writeLog.ts");'],
    ["src/report/nodeReport.ts", 'import {} from "../functions/writeLog.ts";'],
    ["src/azure/connect.ts", 'import {} from "../reconcile/retire.ts";'],
    // What a run does, into what only reports.
    ["src/report/fleetStatus.ts", 'import { discover } from "../reconcile/discover.ts";'],
    ["src/report/fleetStatus.ts", 'import { reconcile } from "../reconcile/reconcile.ts";'],
    ["src/report/page/page.ts", 'import type { Deadline } from "../../reconcile/deadline.ts";'],
    // Sideways: what is decided and done knows no service.
    ["src/plan/plan.ts", 'import {} from "../azure/connect.ts";'],
    ["src/reconcile/retire.ts", 'import {} from "../azure/connect.ts";'],
    ["src/report/nodeReport.ts", 'import {} from "../azure/connect.ts";'],
    ["src/azure/connect.ts", 'import {} from "../plan/schedule.ts";'],
    // Packages of Azure.
    ["src/keyValue.ts", 'import type {} from "@azure/keyvault-secrets";'],
    ["src/plan/plan.ts", 'import type {} from "@azure/arm-datafactory/models";'],
    ["src/reconcile/retire.ts", 'await import("@azure/identity");'],
    ["src/report/report.ts", 'import type {} from "@azure/functions";'],
    ["src/azure/connect.ts", 'import type {} from "@azure/functions";'],
    ["src/functions/status.ts", 'import type {} from "@azure/keyvault-secrets";'],
    ["src/index.ts", 'import "@azure/identity";'],
  ])("refuses in %s: %s", (file, code) => {
    expect(brokenBy(file, code)).toContain(`${file}: ${IMPORTS}`);
  });

  test("refuses a circle within a room, also one of types alone", () => {
    const circle = brokenBy("src/plan/schedule.ts", 'import type { checks } from "./checks.ts";');
    expect(circle).toContain(`src/plan/schedule.ts: ${CIRCLE}`);
    expect(circle).toContain(`src/plan/checks.ts: ${CIRCLE}`);
  });
});

const files = globSync("src/**/*.ts", { cwd: ROOT }).map((path) => path.replaceAll("\\", "/"));

test("every folder of src/ is a room that has its rule", () => {
  const folders = readdirSync(join(ROOT, "src"), { withFileTypes: true }).filter((each) =>
    each.isDirectory(),
  );
  const { overrides } = JSON.parse(readFileSync(join(ROOT, "biome.json"), "utf8"));
  const ruled = overrides.flatMap((each: { includes: string[]; linter: { rules: { style?: object } } }) =>
    each.linter.rules.style ? each.includes : [],
  );
  expect(ruled).toEqual(expect.arrayContaining(folders.map(({ name }) => `src/${name}/**`)));
});

test("every file of src/ begins with a comment that says what it is for, before its imports", () => {
  const lacking = files.filter((path) => {
    const code = readFileSync(join(ROOT, path), "utf8");
    const head = /^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n/.exec(code)?.[0];
    return head === undefined || (/^import /m.test(code) && !code.slice(head.length).startsWith("import "));
  });
  expect(lacking).toEqual([]);
});

test("only src/azure and src/config say which service the runtimes belong to", () => {
  const saying = files
    .filter((path) => !/^src\/(?:azure|config)\//.test(path))
    .filter((path) => /data ?factor|factory|factories/i.test(readFileSync(join(ROOT, path), "utf8")));
  expect(saying).toEqual([]);
});

test("only src/azure and src/config name the services that a run works with", () => {
  const naming = globSync("src/**/*.ts", { cwd: ROOT })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !/^src\/(?:azure|config)\//.test(path))
    .filter((path) =>
      /resource manager|key vault|blob storage/i.test(readFileSync(join(ROOT, path), "utf8")),
    );
  expect(naming).toEqual([]);
});
