/**
 * `node test/proof/faults/main.ts` plays every fault at every call and prints what breaks a promise; `--small` one in
 * twenty-five, those that take long left out; `--only TEXT` those whose name holds it; `--table FILE` also writes what happens when.
 */
import { writeFile } from "node:fs/promises";
import { conclude, options } from "../shared/options.ts";
import { playMatrix, render, SMALL } from "./matrix.ts";

const { only = "" } = options;
const { cells, crowd, broken } = await playMatrix(options.small ? SMALL : { every: 1, only, slow: true });
for (const each of broken) console.log(each);
if (options.table) await writeFile(options.table, render(cells));
conclude(
  broken.length === 0,
  `faults: ${cells.length} cells, processes at once: ${crowd.rounds} rounds, ${crowd.kills} kills, ${crowd.regenerates} keys regenerated; ${broken.length} break a promise`,
);
