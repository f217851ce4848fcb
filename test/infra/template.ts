import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Bicep, Compilation } from "./bicep.ts";

const root = join(import.meta.dirname, "../..");
export const infra = join(root, "infra");
export const snapshots = join(infra, "snapshots");

/**
 * A rule that counts from today: a repository that nobody touches would stop passing by it. What it finds is told and is
 * no problem.
 */
const ADVICE = "use-recent-api-versions";

/**
 * Everything that the compiler has to say about `infra/`: errors, warnings and linter findings, formatting, and
 * snapshots that are not what is committed. An operator's own parameter files, which lie beside `main.bicep`, are read
 * for what they say and not for how they are written: each is evaluated, so that what the template refuses is told here.
 * @param update write formatting and snapshots instead of comparing them
 * @returns one line per problem, and one for each advice that is none
 */
export async function check(
  bicep: Bicep,
  { update, folder = infra }: { update: boolean; folder?: string },
): Promise<{ problems: string[]; advice: string[] }> {
  const sources = await filesIn(folder, /\.(bicep|bicepparam)$/);
  const parameters = sources.filter((path) => path.endsWith(".bicepparam"));
  // Compiling a parameter file compiles the template and all its modules with it.
  const compilations = await Promise.all(parameters.map((path) => bicep.compileParams(path)));
  const found = [
    ...new Map(compilations.flatMap(findings).map((finding) => [finding.text, finding])).values(),
  ];
  const problems = found.filter(({ code }) => code !== ADVICE).map(({ text }) => text);
  const advice = found.filter(({ code }) => code === ADVICE).map(({ text }) => text);
  // There are no snapshots of what does not compile.
  if (compilations.some(({ success }) => !success)) return { problems, advice };
  const operators = parameters.filter((path) => dirname(path) === folder);
  for (const path of operators) {
    await bicep.snapshot(path).catch((error: Error) => problems.push(`${show(path)}: ${refusal(error)}`));
  }
  for (const path of sources.filter((path) => !operators.includes(path))) {
    const formatted = await bicep.format(path);
    if (await differs(path, formatted, update)) problems.push(`${show(path)}: not formatted`);
  }
  for (const path of parameters.filter((path) => path.startsWith(join(folder, "snapshots")))) {
    const snapshot = `${JSON.stringify(sorted(await bicep.snapshot(path)), null, 2)}\n`;
    const file = path.replace(/bicepparam$/, "snapshot.json");
    if (await differs(file, snapshot, update)) {
      problems.push(
        `${show(file)}: not what the template makes; \`npm run infra -- --update\` writes it anew`,
      );
    }
  }
  // Compiled, for who deploys from the portal.
  if (folder === infra) {
    const compiled = `${(await bicep.compile(join(infra, "main.bicep"))).trimEnd()}\n`;
    if (await differs(join(infra, "azuredeploy.json"), compiled, update)) {
      problems.push(
        "infra/azuredeploy.json: not what main.bicep compiles to; `npm run infra -- --update` writes it anew",
      );
    }
  }
  return { problems, advice };
}

function findings({ diagnostics }: Compilation): { code: string; text: string }[] {
  return diagnostics.map(({ source, range, level, code, message }) => ({
    code,
    text: `${show(source)}:${range.start.line + 1}: ${level} ${code}: ${message}`,
  }));
}

/** The sentence with which the template refuses a parameter, out of what the compiler says around it. */
function refusal({ message }: Error): string {
  return message
    .replace(/^The template [^:]* is not valid: /, "")
    .replace(/\.? Please see https:\S+ for .*$/s, "");
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
