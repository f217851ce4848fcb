/** A process that plays a share of the cells on an Azure of its own, and tells its parent each result. */
import pLimit from "p-limit";
import { trustedAuthority } from "../../support/boundlessAzure.ts";
import { copyBuiltApp } from "../../support/builtApp.ts";
import { allCells, type Cell, nameOf } from "./cells.ts";
import { playCrowd } from "./crowd.ts";
import { killCells, tokenCells, withKill, withToken } from "./processes.ts";
import { type CellResult, runCell } from "./runCell.ts";
import { type Stage, startStage } from "./stage.ts";
import { steady } from "./subject.ts";

export interface CellReport extends CellResult {
  readonly name: string;
  readonly scenario: string;
  readonly step: string;
  readonly kind: string;
  readonly when: Cell["when"];
  readonly hit: Cell["hit"];
}

const { part, parts, every, only, slow: isPatient } = JSON.parse(process.argv[2] ?? "{}");
const stage = await startStage(trustedAuthority());
const app = await copyBuiltApp();
const share = (all: readonly Cell[]) => {
  const cells = all.filter((cell) => nameOf(cell).includes(only) && (isPatient || !cell.kind.slow));
  return cells.filter((_, index) => index % every === 0 && (index / every) % parts === part);
};

try {
  // Loads the SDKs, and gets the tokens and the connections that every run but the very first finds.
  steady(stage.azure, "none");
  await stage.run("none", "timer");

  const cells = share(allCells());
  // Slow ones wait for seconds and cost nothing meanwhile; at once they would still crowd the others out.
  const slow = cells.filter(({ kind }) => kind.slow);
  const fast = cells.filter(({ kind }) => !kind.slow);
  await Promise.all([
    play(16, slow, runCell),
    play(6, fast, runCell),
    play(2, share(killCells()), (cell) => withKill(app.folder, cell, stage)),
  ]);
  await play(1, share(tokenCells()), (cell) => withToken(app.folder, cell, stage));
  // Last, because it moves the clock.
  if (part === 0 && only === "") await tell(await playCrowd(stage, app.folder, Math.ceil(40 / every)));
} finally {
  await Promise.all([stage.azure.stop(), app.remove()]);
}
// What was stalled on purpose may keep a process for good.
process.exit();

function tell(message: object): Promise<unknown> {
  return new Promise((resolve) => process.send?.(message, resolve));
}

async function play(
  atOnce: number,
  cells: readonly Cell[],
  playIt: (cell: Cell, stage: Stage) => Promise<CellResult>,
): Promise<void> {
  await pLimit(atOnce).map(cells, async (cell) => {
    const { scenario, step, kind, when, hit } = cell;
    const result = await playIt(cell, stage);
    const row = { name: nameOf(cell), scenario: scenario.title, step: step.name, kind: kind.name, when, hit };
    await tell({ ...row, ...result } satisfies CellReport);
  });
}
