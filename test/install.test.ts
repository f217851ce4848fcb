import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

interface Locked {
  version: string;
  integrity?: string;
  hasInstallScript?: boolean;
  bin?: Record<string, string>;
  os?: string;
}

const ROOT = join(import.meta.dirname, "..");
const json = (name: string) => JSON.parse(readFileSync(join(ROOT, name), "utf8"));
const { scripts, allowScripts, optionalDependencies } = json("package.json");
const locked: Record<string, Locked> = json("package-lock.json").packages;
const installed = Object.entries(locked).filter(([path]) => path !== "");

test("whatever is installed is known by its checksum, and needs no script to run for it", () => {
  expect(installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
  const withScripts = installed
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.replace(/.*node_modules\//, ""));
  // Each does without: `npm ci --ignore-scripts && npm test` passes.
  expect(Object.fromEntries(withScripts.map((name) => [name, false]))).toEqual(allowScripts);
});

test("a Node comes as a package of each platform, as the command that scripts run", () => {
  const nodes = Object.entries<string>(optionalDependencies);
  const platforms = nodes.map(([name, version]) => {
    const { integrity: _, os, bin, ...others } = locked[`node_modules/${name}`]!;
    expect(others).toMatchObject({ version, optional: true });
    expect(Object.keys(bin ?? {})).toEqual(["node"]);
    return os;
  });
  expect(new Set(platforms)).toEqual(new Set(["darwin", "linux", "win32"]));
});

test("a Node that cannot read TypeScript says so in one sentence, before anything else is tried", () => {
  const needing = Object.entries<string>(scripts).filter(([, command]) =>
    /\bnode \S+\.ts|vitest|stryker/.test(command),
  );
  expect(needing.length).toBeGreaterThan(5);
  for (const [name, command] of needing) {
    expect(`${name}: ${command}`).toMatch(new RegExp(`^${name}: node checkNode.cjs && `));
  }
  const run = (...options: string[]) =>
    spawnSync(process.execPath, [...options, "checkNode.cjs"], { cwd: ROOT });
  const old = run("--no-experimental-strip-types");
  expect([old.status, `${old.stdout}`]).toEqual([1, ""]);
  expect(`${old.stderr}`).toMatch(/^Node \d+\.\d+\.\d+ is too old: install Node 24, or .*\.\n$/);
  const current = run();
  expect([current.status, `${current.stdout}${current.stderr}`]).toEqual([0, ""]);
});
