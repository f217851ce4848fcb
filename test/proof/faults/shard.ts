/** A process that plays a share of the cells on an Azure of its own, and tells its parent each result. */
import { trustedAuthority } from "../../support/boundlessAzure.ts";
import { allCells, type Cell, type Row, rowOf } from "./cells.ts";
import { pool } from "./pool.ts";
import { type CellResult, runCell } from "./runCell.ts";
import { steady } from "./scenarios.ts";
import { skewedCells } from "./skew.ts";
import { type Stage, startStage } from "./stage.ts";
import { tokenCells } from "./tokens.ts";

export interface CellReport {
  readonly row: Row;
  readonly result: CellResult;
}

const [part = "0", parts = "1"] = process.argv.slice(2);
const stage = await startStage(trustedAuthority());

try {
  await warmUp(stage);
  const cells = allCells().filter((_, index) => index % Number(parts) === Number(part));
  // Slow ones wait for seconds and cost nothing meanwhile; at once they would still crowd the others out.
  const slow = cells.filter(({ kind }) => kind.slow);
  const fast = cells.filter(({ kind }) => !kind.slow);
  const run = async (cell: Cell) => tell(cell, await runCell(cell, stage));
  await Promise.all([
    pool(slow, 16, run),
    pool(fast, 6, run),
    part === "0" ? tokenCells(stage, 2, tell) : undefined,
  ]);
  // Last, because it moves the clock of the whole Azure.
  if (part === "0") await skewedCells(stage, tell);
} finally {
  await stage.stop();
  process.disconnect?.();
}

/** Loads the SDKs and makes the connections that every run but the very first finds. */
async function warmUp({ azure, leases, run }: Stage): Promise<void> {
  steady(azure, "none");
  await leases.add("none", true);
  await run("none", "timer");
}

function tell(cell: Cell, result: CellResult): void {
  process.send?.({ row: rowOf(cell), result } satisfies CellReport);
}
