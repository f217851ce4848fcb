import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const dist = join(import.meta.dirname, "../../dist");

/**
 * What the Node worker of Azure Functions does: `@azure/functions-core` is no package, `require` is made to answer
 * for it; the entry point named by `main` is imported, and registers its functions.
 */
const worker = `
const Module = require("node:module");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const registered = [];
const core = {
  version: "3.0.0", hostVersion: "4.0.0", Disposable: class {},
  setProgrammingModel() {}, getProgrammingModel() {}, registerHook() {}, log() {},
  registerFunction(metadata) { registered.push(metadata); },
};
const original = Module.prototype.require;
Module.prototype.require = function (id) {
  return id === "@azure/functions-core" ? core : original.apply(this, arguments);
};
const app = process.argv[2];
const { main } = JSON.parse(readFileSync(join(app, "package.json"), "utf8"));
import(pathToFileURL(join(app, main)).href).then(() => console.log(JSON.stringify(registered)));
`;

let folder: string;

beforeAll(() => {
  if (!existsSync(dist)) throw new Error("There is no dist/ to test: `npm run build` makes it");
  folder = mkdtempSync(join(tmpdir(), "deployable-"));
  cpSync(dist, join(folder, "app"), { recursive: true });
  writeFileSync(join(folder, "worker.cjs"), worker);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("host.json, package.json and the bundle are at the top, and nothing has to be installed", () => {
  const json = (name: string) => JSON.parse(readFileSync(join(folder, "app", name), "utf8"));
  expect(json("host.json").version).toBe("2.0");
  expect(json("package.json")).not.toHaveProperty("dependencies");
  expect(existsSync(join(folder, "app", json("package.json").main))).toBe(true);
  expect(existsSync(join(folder, "app/node_modules"))).toBe(false);
});

test("whatever is bundled comes with the text of its licence", () => {
  const licences = readFileSync(join(folder, "app/THIRD-PARTY-LICENSES.txt"), "utf8").split(
    `\n\n${"-".repeat(80)}\n\n`,
  );
  expect(licences.length).toBeGreaterThan(1);
  for (const text of licences) expect(text).toMatch(/permission|license, version 2\.0|redistribution/i);
});

test("the worker finds the three functions in it, without any setting and without node_modules", () => {
  const { PATH } = process.env;
  const output = execFileSync(process.execPath, [join(folder, "worker.cjs"), join(folder, "app")], {
    cwd: folder,
    env: { PATH },
    encoding: "utf8",
  });
  const registered: { name: string; bindings: Record<string, object> }[] = JSON.parse(output);
  const triggers = Object.fromEntries(
    registered.map(({ name, bindings }) => [
      name,
      Object.values(bindings).find((binding) => "direction" in binding && binding.direction === "in"),
    ]),
  );
  expect(triggers).toMatchObject({
    rotateOnSchedule: { type: "timerTrigger", schedule: "%ROTATION_SCHEDULE%", runOnStartup: false },
    rotateOnDemand: { type: "httpTrigger", authLevel: "function", methods: ["POST"], route: "rotate" },
    status: { type: "httpTrigger", authLevel: "function", methods: ["GET"], route: "status" },
  });
  expect(Object.keys(triggers)).toHaveLength(3);
});
