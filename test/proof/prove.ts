/**
 * `npm run prove`: every proof at its full size, two at a time, and one table of what came of them. `--show`
 * prints their whole output too, `--seed N` makes those with chance in them repeat themselves. Exit code 0 only where
 * all of them hold.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pool } from "./faults/pool.ts";

interface Proof {
  readonly name: string;
  readonly script: string;
  /** Whether it draws by chance, and takes a seed. */
  readonly seeded?: boolean;
}

const proofs: readonly Proof[] = [
  { name: "every interleaving", script: "explore/main.ts" },
  { name: "every fault", script: "faults/matrix.ts" },
  { name: "deliberate mistakes", script: "mutations/main.ts" },
  { name: "ten years", script: "longRun/main.ts", seeded: true },
  { name: "fleets with nodes", script: "fleet/main.ts" },
  { name: "real processes", script: "processes/main.ts", seeded: true },
  { name: "bad input", script: "input/main.ts", seeded: true },
  { name: "no value shown", script: "redaction/main.ts" },
];

interface Result extends Proof {
  readonly holds: boolean;
  readonly seconds: number;
  readonly figures: string;
}

const { values } = parseArgs({ options: { show: { type: "boolean" }, seed: { type: "string" } } });
const results: Result[] = [];
const started = performance.now();
await pool(proofs, 2, async (proof) => {
  const begun = performance.now();
  const { code, output } = await run(proof, values.seed);
  const seconds = Math.round((performance.now() - begun) / 1000);
  const holds = code === 0;
  // The last line of each is what it has to say in one.
  results.push({ ...proof, holds, seconds, figures: output.trimEnd().split("\n").at(-1) ?? "" });
  console.log(`${holds ? "holds" : "FAILS"}  ${proof.name}, ${seconds} s`);
  if (!holds || values.show) console.log(output);
});

console.log();
for (const { name, script } of proofs) {
  const result = results.find((each) => each.script === script);
  if (result === undefined) continue;
  const { holds, seconds, figures } = result;
  console.log(`${holds ? "✓" : "✗"} ${name.padEnd(20)} ${String(seconds).padStart(4)} s  ${figures}`);
}
const failed = results.filter(({ holds }) => !holds).length;
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(`\n${results.length - failed} of ${proofs.length} proofs hold, ${minutes} minutes`);
process.exitCode = failed > 0 || results.length < proofs.length ? 1 : 0;

function run({ script, seeded }: Proof, seed: string | undefined): Promise<{ code: number; output: string }> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const args = seeded && seed !== undefined ? [path, "--seed", seed] : [path];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, output: stdout + stderr });
    });
  });
}
