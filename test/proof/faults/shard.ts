/** A process that plays a share of the cells on an Azure of its own, and tells its parent each result. */
import pLimit from "p-limit";
import { trustedAuthority } from "../../support/boundlessAzure.ts";
import { copyBuiltApp } from "../../support/builtApp.ts";
import { allCells, type Cell, nameOf } from "./cells.ts";
import { playCrowd } from "./crowd.ts";
import { killCells, type RunIt, tokenCells } from "./processes.ts";
import { type CellResult, runCell } from "./runCell.ts";
import { steady } from "./scenarios.ts";
import { startStage } from "./stage.ts";

export interface CellReport extends CellResult {
  readonly name: string;
  readonly scenario: string;
  readonly step: string;
  readonly kind: string;
  readonly when: Cell["when"];
  readonly hit: Cell["hit"];
}

const { part, parts, every } = JSON.parse(process.argv[2] ?? "{}");
const stage = await startStage(trustedAuthority());
const app = await copyBuiltApp();

try {
  // Loads the SDKs and makes the connections that every run but the very first finds.
  steady(stage.azure, "none");
  await stage.leases.add("none", true);
  await stage.run("none", "timer");

  const inProcess = allCells().map((cell) => [cell, runCell] as const);
  const all = [...inProcess, ...tokenCells(app.folder), ...killCells(app.folder)];
  const mine = all.filter((_, index) => index % every === 0 && (index / every) % parts === part);
  // Slow ones wait for seconds and cost nothing meanwhile; at once they would still crowd the others out.
  const own = (run: RunIt) => run !== runCell;
  await Promise.all([
    play(
      16,
      mine.filter(([{ kind }, run]) => kind.slow && !own(run)),
    ),
    play(
      6,
      mine.filter(([{ kind }, run]) => !kind.slow && !own(run)),
    ),
    play(
      2,
      mine.filter(([, run]) => own(run)),
    ),
  ]);
  // Last, because it moves the clock.
  if (part === 0) process.send?.(await playCrowd(stage, app.folder, Math.ceil(40 / every)));
} finally {
  await Promise.all([stage.stop(), app.remove()]);
  process.disconnect?.();
}

async function play(atOnce: number, cells: readonly (readonly [Cell, RunIt])[]): Promise<void> {
  await pLimit(atOnce).map(cells, async ([cell, runIt]) => {
    const { scenario, step, kind, when, hit } = cell;
    const result = await runIt(cell, stage);
    const row = { name: nameOf(cell), scenario: scenario.title, step: step.name, kind: kind.name, when, hit };
    process.send?.({ ...row, ...result } satisfies CellReport);
  });
}
