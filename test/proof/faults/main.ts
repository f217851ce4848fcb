/**
 * `node test/proof/faults/main.ts` plays every fault at every call and prints what breaks a promise; `--small` one in
 * twenty-five, those that take long left out; `--only TEXT` those whose name holds it; `--table FILE` also writes what happens when.
 */
import { writeFile } from "node:fs/promises";
import { conclude, options } from "../shared/options.ts";
import { playMatrix } from "./matrix.ts";
import type { CellReport } from "./runCell.ts";

const { cells, crowd, broken } = await playMatrix(options.small ? 25 : 1, options.only);
for (const each of broken) console.log(each);
if (options.table) {
  const calls = Map.groupBy(cells, ({ call }) => call);
  await writeFile(options.table, [...calls].map(([call, same]) => tableOf(call, same)).join("\n"));
}
const { rounds = 0, kills = 0, regenerates = 0 } = crowd ?? {};
conclude(
  broken.length === 0,
  `faults: ${cells.length} cells, processes at once: ${rounds} rounds, ${kills} kills, ${regenerates} keys regenerated; ${broken.length} promises broken`,
);

/** What happens when, at one call: faults that come to the same share a row. */
function tableOf(call: string, cells: readonly CellReport[]): string {
  const rows = Map.groupBy(cells, ({ outcome, vault, minted, lease, next }) =>
    [outcome, vault, minted, lease, next].join(" | "),
  );
  const lines = [...rows].map(([rest, same]) => {
    const faults = same.map(({ fault }) => fault).sort();
    return `| ${faults.join("<br>")} | ${rest} |`;
  });
  const columns = "| Fault | Outcome | Vault after it | Regenerated | Lease | Next runs |";
  return [`## ${call}`, "", columns, "| --- | --- | --- | --- | --- | --- |", ...lines, ""].join("\n");
}
