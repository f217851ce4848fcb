import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "../..");
export const operate = join(root, "infra/operate");
const restored = join(root, ".tools/pwsh", process.platform === "win32" ? "pwsh.exe" : "pwsh");
const VERSION = "7.6.9";

/**
 * PowerShell: on the PATH, or restored with `dotnet`.
 * @returns its path, or undefined where there is neither
 */
export function findPwsh(): string | undefined {
  if (works("pwsh")) return "pwsh";
  if (!existsSync(restored)) restore();
  return works(restored) ? restored : undefined;
}

/** Test files run side by side: one restores, the others wait for it. */
function restore(): void {
  const claim = join(root, ".tools/pwsh.claim");
  mkdirSync(join(root, ".tools"), { recursive: true });
  try {
    mkdirSync(claim);
  } catch {
    const end = Date.now() + 180_000;
    while (existsSync(claim) && Date.now() < end)
      spawnSync(process.execPath, ["-e", "setTimeout(() => {}, 500)"]);
    return;
  }
  const install = ["tool", "install", "PowerShell", "--version", VERSION, "--tool-path"];
  spawnSync("dotnet", [...install, join(root, ".tools/pwsh")]);
  rmdirSync(claim);
}

function works(path: string): boolean {
  return spawnSync(path, ["-NoProfile", "-Command", "exit 0"]).status === 0;
}

/** What a stand-in says to the first call whose arguments match; several values are several lines. */
export interface Answer {
  readonly when: string;
  readonly says?: readonly unknown[];
  readonly fails?: true;
}

const program = `
const { appendFileSync, readFileSync } = require("node:fs");
const [name, ...args] = process.argv.slice(2);
const folder = __dirname;
const stdin = name === "curl" ? readFileSync(0, "utf8") : "";
appendFileSync(folder + "/calls", JSON.stringify({ name, args, stdin }) + "\\n");
const line = name + " " + args.join(" ");
const answers = JSON.parse(readFileSync(folder + "/answers.json", "utf8"));
const { says = [], fails = false } = answers.find(({ when }) => new RegExp(when, "s").test(line)) ?? {};
if (fails) { console.error("ERROR: made up"); process.exit(3); }
// Of filters, as far as they are needed: by principal, and by tag.
const principal = /principalId=='([^']*)'/.exec(line)?.[1];
const service = line.includes("azd-service-name");
const kept = says.filter((value) =>
  (principal === undefined || value.principalId === principal) && (!service || typeof value === "string" || value.tags?.["azd-service-name"] === "rotation"));
if (args.includes("json")) console.log(JSON.stringify(kept));
else for (const value of kept) console.log(typeof value === "string" ? value : (value.id ?? value.name));
`;

/** Commands that answer what they are told to, and a note of each call. */
export class StandIns implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "stand-ins-"));

  constructor(names: readonly string[]) {
    writeFileSync(join(this.#folder, "program.cjs"), program);
    mkdirSync(join(this.#folder, "bin"));
    for (const name of names) {
      const path = join(this.#folder, "bin", name);
      writeFileSync(
        path,
        `#!/bin/sh\nexec "${process.execPath}" "${this.#folder}/program.cjs" ${name} "$@"\n`,
      );
      chmodSync(path, 0o755);
    }
  }

  run(
    [program, ...args]: readonly [string, ...string[]],
    { answers, input = "", env = {} }: { answers: readonly Answer[]; input?: string; env?: object },
  ): { status: number | null; output: string; calls: readonly Call[] } {
    writeFileSync(join(this.#folder, "answers.json"), JSON.stringify(answers));
    writeFileSync(join(this.#folder, "calls"), "");
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: root,
      input,
      encoding: "utf8",
      env: { ...process.env, PATH: `${join(this.#folder, "bin")}${delimiter}${process.env.PATH}`, ...env },
    });
    const lines = readFileSync(join(this.#folder, "calls"), "utf8").split("\n").filter(Boolean);
    return { status, output: stdout + stderr, calls: lines.map((line) => JSON.parse(line)) };
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

export interface Call {
  readonly name: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

/** Calls that take something away for good, or change something. */
export function destructive(calls: readonly Call[]): readonly string[] {
  return calls
    .map(({ name, args }) => [name, ...args].join(" "))
    .filter((line) => /\b(delete|purge|break|remove|stop|recover|set|set-attributes)\b/.test(line));
}
