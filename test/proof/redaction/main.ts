/**
 * Redaction: `node test/proof/redaction/main.ts` has every call of the adapters answered in every hostile way, through
 * the real SDKs, and prints where an auth key showed; `--small` does as much as `npm test` does.
 */
import { proveRedaction } from "./proveRedaction.ts";

const { sweeps, abandoned } = await proveRedaction(process.argv.includes("--small") ? "small" : "full");
let shown = 0;
for (const [name, { cells, thrown, idle, inspected, printed, leaks, found }] of Object.entries(sweeps)) {
  const keys = found.includes("auth key") ? 1 : 0;
  shown += leaks.length + keys + idle.length;
  console.log(
    `redaction, ${name}: ${cells} calls, ${thrown} errors, ${inspected} characters inspected and ${printed} printed by the SDKs;`,
    `auth keys in ${leaks.length} errors or results and in ${keys} outputs; access tokens printed: ${found.includes("access token") ? "yes" : "no"}`,
  );
  for (const leak of [...leaks, ...idle.map((each) => `never answered: ${each}`)]) console.log(`  ${leak}`);
}
const { standing, exitCode, printed } = abandoned;
console.log(
  `redaction, runs left alone in the middle: ${standing} runs, exit code ${exitCode ?? "none"}, ${printed} characters printed`,
);
shown += printed + (exitCode === 0 ? 0 : 1);
const all = Object.values(sweeps);
const sum = (of: (sweep: (typeof all)[number]) => number) =>
  all.reduce((total, sweep) => total + of(sweep), 0);
console.log(
  `redaction: ${sum(({ cells }) => cells)} calls, ${sum(({ thrown }) => thrown)} errors, ${sum(({ inspected, printed: text }) => inspected + text)} characters read, ${shown} things that may not be`,
);
process.exitCode = shown > 0 ? 1 : 0;
