/** A process that plays a share of the cells on an Azure of its own, and tells its parent what came of them. */
import pLimit from "p-limit";
import { type Cell, faultCells, killCells, nameOf, tokenCells } from "./cells.ts";
import { playCrowd } from "./crowd.ts";
import { PARTS, type Selection, type ShardReport } from "./matrix.ts";
import { withKill, withToken } from "./processes.ts";
import { type CellReport, runCell } from "./runCell.ts";
import { startStage } from "./stage.ts";
import { steady } from "./subject.ts";

const [selection = "", part = "", folder = ""] = process.argv.slice(2);
const { every, only, slow: isPatient }: Selection = JSON.parse(selection);
const stage = await startStage(folder);
const cells: CellReport[] = [];

// Loads the SDKs, and gets the tokens and the connections that every run but the very first finds.
steady(stage.azure, "none");
await stage.run("none", "timer");

const { true: slow = [], false: fast = [] } = Object.groupBy(
  share(faultCells),
  ({ kind }) => `${!!kind.slow}`,
);
await Promise.all([
  // Slow ones wait for seconds and cost nothing meanwhile; at once they would still crowd the others out.
  play(16, slow, runCell),
  play(6, fast, runCell),
  play(2, share(killCells), withKill),
]);
await play(1, share(tokenCells), withToken);
// Last, because it moves the clock.
const hasCrowd = part === "0" && only === "";
const crowd = hasCrowd ? await playCrowd(stage, Math.ceil(40 / every)) : undefined;
await stage.azure.stop();
// What was stalled on purpose may keep a process for good.
process.send?.({ cells, crowd } satisfies ShardReport, () => process.exit());

function share(all: readonly Cell[]): readonly Cell[] {
  const chosen = all.filter((cell) => nameOf(cell).includes(only) && (isPatient || !cell.kind.slow));
  return chosen.filter((_, index) => index % every === 0 && (index / every) % PARTS === Number(part));
}

async function play(atOnce: number, chosen: readonly Cell[], playIt: typeof runCell): Promise<void> {
  await pLimit(atOnce).map(chosen, async (cell) => cells.push(await playIt(cell, stage)));
}
