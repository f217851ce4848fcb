/** The rooms of src/: imports run downward only, none in a circle, and each service is known in one place. */
import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

test("only src/azure and src/config say which service the runtimes belong to", () => {
  const saying = globSync("src/**/*.ts", { cwd: ROOT })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !/^src\/(?:azure|config)\//.test(path))
    .filter((path) => /data ?factor|factory|factories/i.test(readFileSync(join(ROOT, path), "utf8")));
  expect(saying).toEqual([]);
});
