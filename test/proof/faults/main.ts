/**
 * `node test/proof/faults/main.ts` plays every fault at every call and prints what breaks a promise; `--small` every
 * 25th; `--table FILE` also writes what happens when.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { playMatrix, render } from "./matrix.ts";

const { values } = parseArgs({ options: { small: { type: "boolean" }, table: { type: "string" } } });
const { reports, crowd } = await playMatrix(values.small ? 25 : 1);
const broken = reports.filter(({ violations }) => violations.length > 0);
for (const { name, violations } of broken) console.log(`${name}: ${violations.join("; ")}`);
if (values.table) await writeFile(values.table, render(reports));
for (const violation of crowd.violations) console.log(`processes at once: ${violation}`);
console.log(
  `faults: ${reports.length} cells, ${broken.length} break a promise; processes at once: ${crowd.rounds} rounds, ${crowd.kills} kills, ${crowd.regenerates} keys regenerated, ${crowd.violations.length} promises broken`,
);
process.exitCode = broken.length + crowd.violations.length > 0 ? 1 : 0;
