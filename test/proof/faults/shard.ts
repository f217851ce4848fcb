/** A process that plays a share of the cells on an Azure of its own, and tells its parent what came of them. */
import pLimit from "p-limit";
import { type Cell, callOf, faultCells, faultOf, killCells, nameOf, tokenCells } from "./cells.ts";
import { type CrowdFigures, playCrowd } from "./crowd.ts";
import type { Selection } from "./matrix.ts";
import { withKill, withToken } from "./processes.ts";
import { type CellResult, runCell } from "./runCell.ts";
import { startStage } from "./stage.ts";
import { steady } from "./subject.ts";

export interface CellReport extends CellResult {
  readonly call: string;
  readonly fault: string;
}

export interface ShardReport {
  readonly cells: readonly CellReport[];
  /** Of the first share alone: one Azure is enough for processes at once. */
  readonly crowd: CrowdFigures;
}

export interface Share extends Selection {
  readonly part: number;
  readonly parts: number;
  /** Of the built app. */
  readonly folder: string;
}

const { part, parts, folder, every, only, slow: isPatient }: Share = JSON.parse(process.argv[2] ?? "{}");
const stage = await startStage();
const cells: CellReport[] = [];
let crowd: CrowdFigures = { rounds: 0, kills: 0, regenerates: 0, violations: [] };

// Loads the SDKs, and gets the tokens and the connections that every run but the very first finds.
steady(stage.azure, "none");
await stage.run("none", "timer");

const inThisProcess = share(faultCells);
await Promise.all([
  // Slow ones wait for seconds and cost nothing meanwhile; at once they would still crowd the others out.
  play(
    16,
    inThisProcess.filter(({ kind }) => kind.slow),
    (cell) => runCell(cell, stage),
  ),
  play(
    6,
    inThisProcess.filter(({ kind }) => !kind.slow),
    (cell) => runCell(cell, stage),
  ),
  play(2, share(killCells), (cell) => withKill(folder, cell, stage)),
]);
await play(1, share(tokenCells), (cell) => withToken(folder, cell, stage));
// Last, because it moves the clock.
if (part === 0 && only === "") crowd = await playCrowd(stage, folder, Math.ceil(40 / every));
await stage.azure.stop();
// What was stalled on purpose may keep a process for good.
process.send?.({ cells, crowd } satisfies ShardReport, () => process.exit());

function share(all: readonly Cell[]): readonly Cell[] {
  const chosen = all.filter((cell) => nameOf(cell).includes(only) && (isPatient || !cell.kind.slow));
  return chosen.filter((_, index) => index % every === 0 && (index / every) % parts === part);
}

async function play(
  atOnce: number,
  chosen: readonly Cell[],
  playIt: (cell: Cell) => Promise<CellResult>,
): Promise<void> {
  await pLimit(atOnce).map(chosen, async (cell) => {
    cells.push({ call: callOf(cell), fault: faultOf(cell), ...(await playIt(cell)) });
  });
}
