import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Bicep, Compilation } from "./bicep.ts";

const root = join(import.meta.dirname, "../..");
export const infra = join(root, "infra");
export const snapshots = join(infra, "snapshots");

/**
 * Everything that the compiler has to say about `infra/`: errors, warnings and linter findings, formatting, and
 * snapshots that are not what is committed.
 * @param update write formatting and snapshots instead of comparing them
 * @returns one line per problem
 */
export async function problemsOf(bicep: Bicep, { update }: { update: boolean }): Promise<string[]> {
  const sources = await filesIn(infra, /\.(bicep|bicepparam)$/);
  const parameters = sources.filter((path) => path.endsWith(".bicepparam"));
  // Compiling a parameter file compiles the template and all its modules with it.
  const compilations = await Promise.all(parameters.map((path) => bicep.compileParams(path)));
  const problems = compilations.flatMap(findings);
  // There are no snapshots of what does not compile.
  if (compilations.some(({ success }) => !success)) return [...new Set(problems)];
  for (const path of sources) {
    const formatted = await bicep.format(path);
    if (await differs(path, formatted, update)) problems.push(`${show(path)}: not formatted`);
  }
  for (const path of await filesIn(snapshots, /\.bicepparam$/)) {
    const snapshot = `${JSON.stringify(sorted(await bicep.snapshot(path)), null, 2)}\n`;
    const file = path.replace(/bicepparam$/, "snapshot.json");
    if (await differs(file, snapshot, update)) {
      problems.push(
        `${show(file)}: not what the template makes; \`npm run infra -- --update\` writes it anew`,
      );
    }
  }
  return [...new Set(problems)];
}

function findings({ diagnostics }: Compilation): string[] {
  return diagnostics.map(
    ({ source, range, level, code, message }) =>
      `${show(source)}:${range.start.line + 1}: ${level} ${code}: ${message}`,
  );
}

/** The queries of the alerts and the workbook. */
export async function queryFiles(): Promise<{ name: string; text: string }[]> {
  const files = await filesIn(join(infra, "queries"), /\.kql$/);
  return Promise.all(files.map(async (path) => ({ name: show(path), text: await readFile(path, "utf8") })));
}

async function differs(path: string, wanted: string, update: boolean): Promise<boolean> {
  const actual = await readFile(path, "utf8").catch(() => undefined);
  if (actual === wanted) return false;
  if (update) await writeFile(path, wanted);
  return !update;
}

async function filesIn(folder: string, name: RegExp): Promise<string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => name.test(file)).map((file) => join(folder, file));
}

/** The compiler writes properties in no particular order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function show(path: string): string {
  return relative(root, path.replace(/^file:\/\//, ""));
}
