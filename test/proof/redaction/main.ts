/**
 * Redaction: `node test/proof/redaction/main.ts` has every call of the adapters answered in every hostile way, through
 * the real SDKs, and prints where an auth key or a token showed; `--small` does as much as `npm test` does.
 */
import { proveRedaction } from "./proveRedaction.ts";

const sweeps = Object.entries(await proveRedaction(process.argv.includes("--small") ? "small" : "full"));
let shown = 0;
for (const [name, { leaks, idle, found }] of sweeps) {
  const wrong = [
    ...leaks.map((where) => `shown by ${where}`),
    ...idle.map((where) => `never answered: ${where}`),
    ...found.map((what) => `printed: an ${what}`),
  ];
  for (const text of wrong) console.log(`redaction, ${name}: ${text}`);
  shown += wrong.length;
}
const sum = (of: (figures: (typeof sweeps)[number][1]) => number) =>
  sweeps.reduce((total, [, figures]) => total + of(figures), 0);
console.log(
  `redaction: ${sum(({ cells }) => cells)} calls, ${sum(({ thrown }) => thrown)} errors, ${sum(({ inspected, printed }) => inspected + printed)} characters read, ${shown} things that may not be`,
);
process.exitCode = shown > 0 ? 1 : 0;
