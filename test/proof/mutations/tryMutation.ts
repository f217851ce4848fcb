import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Mutation } from "./mutations.ts";

const project = fileURLToPath(new URL("../../../", import.meta.url));
const PARTS =
  "src test local infra docs package.json vitest.config.ts tsconfig.json host.json build.ts LICENSE";
const vitest = ["node_modules/vitest/vitest.mjs", "run"];
// A test that fails, and not a file that cannot be run: that would notice anything.
const FAILED_TEST = /FAIL\s+\|\w+\|\s+(\S+ > .+)$/m;

/** Who may notice a mistake: what is run, and the first line of its output that says so. */
const NOTICERS = {
  exploration: [["test/proof/explore/main.ts", "--small", "--first"], /^(?:Error: )?(promise \d+: .+)$/m],
  tests: [[...vitest, "--bail=1", "--project=unit"], FAILED_TEST],
  "long run": [["test/proof/longRun/main.ts", "--small", "--seed", "1"], /^seed 1, app \d: (.+)$/m],
  faults: [["test/proof/faults/main.ts", "--small"], /^(.+: (?:promise|contract).+)$/m],
  "answers of others": [
    ["test/proof/faults/main.ts", "--only", "404 with HTML"],
    /^(.+: (?:promise|contract).+)$/m,
  ],
  "tests over TLS": [[...vitest, "--bail=1", "test/azure/", "test/endToEnd/", "test/http/"], FAILED_TEST],
} as const satisfies Record<string, readonly [readonly string[], RegExp]>;

export type Noticer = keyof typeof NOTICERS;
const noticers = Object.keys(NOTICERS) as readonly Noticer[];

/** Makes the mistake in a copy of the project, and asks whether anybody notices: who does, and by what. */
export async function tryMutation(
  { file, find, replace, noticedBy }: Mutation,
  all: boolean,
): Promise<ReadonlyMap<Noticer, string>> {
  const copy = await mkdtemp(join(tmpdir(), "mutation-"));
  const noticed = new Map<Noticer, string>();
  try {
    for (const part of PARTS.split(" ")) await cp(join(project, part), join(copy, part), { recursive: true });
    await symlink(join(project, "node_modules"), join(copy, "node_modules"));
    const text = await readFile(join(copy, file), "utf8").catch(() => "");
    if (text.split(find).length !== 2) {
      console.log(`${file} does not hold this once: ${find}`);
      return noticed;
    }
    const mistaken = text.replace(find, () => replace);
    await writeFile(join(copy, file), mistaken);
    for (const noticer of all ? noticers : noticedBy) {
      const [args, pattern] = NOTICERS[noticer];
      const [, how] = pattern.exec(await outputOf(copy, args)) ?? [];
      if (how === undefined) continue;
      noticed.set(noticer, how);
      if (!all) break;
    }
    return noticed;
  } finally {
    await rm(copy, { recursive: true });
  }
}

/** Whatever it printed, however it ended. */
async function outputOf(cwd: string, args: readonly string[]): Promise<string> {
  const options = { cwd, env: { ...process.env, NO_COLOR: "1" }, timeout: 300_000, maxBuffer: 1 << 26 };
  const ended = promisify(execFile)(process.execPath, [...args], options);
  const { stdout, stderr } = await ended.catch((error: Awaited<typeof ended>) => error);
  return stdout + stderr;
}
