import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Mutation } from "./mutations.ts";

const project = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);

/** What noticed a mistake; undefined where nothing did. */
export interface Caught {
  readonly by: "exploration" | "test";
  /** The promise that was seen broken, or the test that failed. */
  readonly how: string;
}

/** Makes the mistake in a copy of the project, and asks the small exploration, then the tests in virtual time. */
export async function tryMutation({ file, find, replace }: Mutation): Promise<Caught | undefined> {
  const copy = await mkdtemp(join(tmpdir(), "mutation-"));
  try {
    for (const part of ["src", "test", "local", "package.json", "vitest.config.ts", "infra"]) {
      await cp(join(project, part), join(copy, part), { recursive: true });
    }
    await symlink(join(project, "node_modules"), join(copy, "node_modules"));
    const text = await readFile(join(copy, file), "utf8");
    if (text.split(find).length !== 2) throw new Error(`${file} does not hold this once: ${find}`);
    await writeFile(
      join(copy, file),
      text.replace(find, () => replace),
    );
    return (await askExploration(copy)) ?? (await askTests(copy));
  } finally {
    await rm(copy, { recursive: true });
  }
}

async function askExploration(copy: string): Promise<Caught | undefined> {
  const output = await outputOf(copy, ["test/proof/explore/main.ts", "--small", "--first"]);
  const [, atOnce, how] = /^(Error: )?(promise \d: .+)$/m.exec(output) ?? [];
  if (how === undefined) return undefined;
  const steps = output.match(/^ *\d+\. /gm)?.length ?? 0;
  return { by: "exploration", how: `${how} (${atOnce ? "without any fault" : `${steps} steps`})` };
}

async function askTests(copy: string): Promise<Caught | undefined> {
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  const output = await outputOf(copy, [vitest, "run", "--bail=1", "--exclude=test/bundle.test.ts", ...UNIT]);
  const [, how] = /FAIL\s+(\S.*)$/m.exec(output) ?? [];
  return how === undefined ? undefined : { by: "test", how };
}

/** Those that need no network: folders are covered by their names. */
const UNIT = ["test/plan/", "test/reconcile/", "test/report/", "test/keyValue", "test/promises"];

/** Whatever it printed, however it ended. */
async function outputOf(cwd: string, args: readonly string[]): Promise<string> {
  const options = { cwd, env: { ...process.env, NO_COLOR: "1" }, timeout: 300_000, maxBuffer: 1 << 26 };
  try {
    const { stdout, stderr } = await run(process.execPath, [...args], options);
    return stdout + stderr;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    return stdout + stderr;
  }
}
