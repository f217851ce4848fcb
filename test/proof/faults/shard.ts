/** A process that plays a share of the cells on an Azure of its own, and tells its parent what came of them. */
import pLimit from "p-limit";
import { allCells, type Cell, namesOf } from "./cells.ts";
import { playCrowd } from "./crowd.ts";
import { PARTS, type ShardReport } from "./matrix.ts";
import { withKill, withToken } from "./processes.ts";
import { type CellReport, runCell } from "./runCell.ts";
import { startStage } from "./stage.ts";
import { steady } from "./subject.ts";

const [nth, only = "", part, folder = ""] = process.argv.slice(2);
const every = Number(nth);
const stage = await startStage(folder);
const cells: CellReport[] = [];

// Loads the SDKs, and gets the tokens and the connections that every run but the very first finds.
steady(stage.azure, "none");
await stage.run("none", "timer");

const chosen = allCells
  .filter((cell) => Object.values(namesOf(cell)).join(": ").includes(only))
  .filter(({ kind }) => every === 1 || !kind.slow);
const { slow, fast, token, kill } = Object.groupBy(chosen, ({ kind, step }) => {
  if (step.operation === "token") return "token";
  return kind.kills ? "kill" : kind.slow ? "slow" : "fast";
});
await Promise.all([
  // Slow ones wait for seconds and cost nothing meanwhile; at once they would still crowd the others out.
  play(16, slow, runCell),
  play(6, fast, runCell),
  play(2, kill, withKill).then(() => play(1, token, withToken)),
]);
// Last, because it moves the clock.
const hasCrowd = part === "0" && only === "";
const crowd = hasCrowd ? await playCrowd(stage, Math.ceil(40 / every)) : undefined;
await stage.azure.stop();
// What was stalled on purpose may keep a process for good.
process.send?.({ cells, crowd } satisfies ShardReport, () => process.exit());

/** This process's share of them. */
async function play(atOnce: number, all: readonly Cell[] = [], playIt: typeof runCell): Promise<void> {
  const share = all.filter((_, index) => index % every === 0 && (index / every) % PARTS === Number(part));
  await pLimit(atOnce).map(share, async (cell) => cells.push(await playIt(cell, stage)));
}
