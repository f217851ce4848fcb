/**
 * `npm run prove`: every proof at its full size, two at a time, and one table of what came of them. `--show`
 * prints their whole output too, `--seed N` makes those with chance in them repeat themselves, `--table FILE` keeps what
 * happens at which fault. Exit code 0 only where all of them hold.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import pLimit from "p-limit";
import { conclude, options, seed } from "./shared/options.ts";

/** The longest first. */
const proofs: Readonly<Record<string, string>> = {
  "every interleaving": "explore",
  "deliberate mistakes": "mutations",
  "every fault": "faults",
  "ten years": "longRun",
  "fleets with nodes": "fleet",
};

const started = performance.now();
const results = await pLimit(2).map(Object.entries(proofs), async ([name, folder]) => {
  const begun = performance.now();
  const { holds, output } = await run(folder);
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(`${holds ? "holds" : "FAILS"}  ${name}, ${seconds} s`);
  if (!holds || options.show) console.log(output);
  // The last line of each is what it has to say in one.
  const figures = output.trimEnd().split("\n").at(-1);
  return {
    holds,
    line: `${holds ? "✓" : "✗"} ${name.padEnd(20)} ${String(seconds).padStart(4)} s  ${figures}`,
  };
});

console.log(`\n${results.map(({ line }) => line).join("\n")}\n`);
const held = results.filter(({ holds }) => holds).length;
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
conclude(held === results.length, `${held} of ${results.length} proofs hold, ${minutes} minutes`);

function run(folder: string): Promise<{ holds: boolean; output: string }> {
  const path = fileURLToPath(new URL(`${folder}/main.ts`, import.meta.url));
  const table = folder === "faults" && options.table ? ["--table", options.table] : [];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path, "--seed", `${seed}`, ...table],
      { maxBuffer: 1 << 28 },
      (error, stdout, stderr) => {
        resolve({ holds: error === null, output: stdout + stderr });
      },
    );
  });
}
