/**
 * Redaction: `node test/proof/redaction/main.ts` has every call of the adapters answered in every hostile way, through
 * the real SDKs, and prints where an auth key or a token showed; `--small` does as much as `npm test` does.
 */
import { conclude, options } from "../shared/options.ts";
import { proveRedaction } from "./proveRedaction.ts";

const totals = { cells: 0, thrown: 0, read: 0, shown: 0 };
for (const [name, sweep] of Object.entries(await proveRedaction(options.small ? "small" : "full"))) {
  const { leaks, idle, found, cells, thrown, inspected, printed } = sweep;
  const wrong = [
    ...leaks.map((where) => `shown by ${where}`),
    ...idle.map((where) => `never answered: ${where}`),
    ...found.map((what) => `printed: an ${what}`),
  ];
  for (const text of wrong) console.log(`redaction, ${name}: ${text}`);
  totals.cells += cells;
  totals.thrown += thrown;
  totals.read += inspected + printed;
  totals.shown += wrong.length;
}
const { cells, thrown, read, shown } = totals;
conclude(
  shown === 0,
  `redaction: ${cells} calls, ${thrown} errors, ${read} characters read, ${shown} things that may not be`,
);
