/**
 * `node test/proof/faults/main.ts` plays every fault at every call and prints what breaks a promise; `--small` one in
 * twenty-five, those that take long left out; `--only TEXT` those whose name holds it; `--table FILE` also writes what happens when.
 */
import { writeFile } from "node:fs/promises";
import { conclude, options } from "../shared/options.ts";
import { playMatrix, render, SMALL } from "./matrix.ts";

const { only = "" } = options;
const { reports, crowd } = await playMatrix(options.small ? SMALL : { every: 1, only, slow: true });
const broken = reports.filter(({ violations }) => violations.length > 0);
for (const { name, violations } of broken) console.log(`${name}: ${violations.join("; ")}`);
for (const violation of crowd.violations) console.log(`processes at once: ${violation}`);
if (options.table) await writeFile(options.table, render(reports));
conclude(
  broken.length + crowd.violations.length === 0,
  `faults: ${reports.length} cells, ${broken.length} break a promise; processes at once: ${crowd.rounds} rounds, ${crowd.kills} kills, ${crowd.regenerates} keys regenerated, ${crowd.violations.length} promises broken`,
);
