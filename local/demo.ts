/**
 * `npm run demo`: half a year of two runtimes' keys in a few seconds, on a clock that moves. Ends with exit code 0
 * only if everything that it says was checked. `node local/demo.ts FOLDER` shows another build than `dist`.
 */
import { ClaimError, claimsChecked } from "./demo/claims.ts";
import { ending } from "./demo/ending.ts";
import { nodesAct } from "./demo/nodes.ts";
import {
  adoption,
  compromise,
  crash,
  drift,
  everyday,
  onDemand,
  rotations,
  twoAtOnce,
} from "./demo/scenes.ts";
import { Stage } from "./demo/stage.ts";
import { heading } from "./demo/table.ts";
import { style } from "./style.ts";

const INTRODUCTION = `\
Half a year of two integration runtimes, played by the built app and the real Azure SDKs against an Azure on this
machine. Nothing leaves it, and all keys are made up; they are shown as fingerprints.

berlin rotates every 30 days, lisbon every 6 weeks; both leave readers an overlap of at least 1 day.
A tick is the daily run of the timer; those that had nothing to do are not shown. Times are UTC.
* regenerated just now   ✓ the vault names this live key   ✗ the vault names a dead key
`;

/** The demo takes a few seconds; one that hangs has failed too. */
const LONGEST_MS = 60_000;

const started = performance.now();
let abandoned = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.once(signal, () => void abandon("Interrupted."));
setTimeout(() => void abandon(`Not over after ${LONGEST_MS / 1000} s.`), LONGEST_MS).unref();
const folder = process.argv[2] ?? "dist";
const opening = Stage.open(folder);
const stage = await opening;

console.log(`${INTRODUCTION}\n${heading()}`);
try {
  let app = await stage.startApp();
  await adoption(stage, app);
  await rotations(stage, app);
  app = await crash(stage, app);
  await drift(stage, app);
  await onDemand(stage, app);
  await compromise(stage, app);
  await twoAtOnce(stage, app);
  await everyday(stage, app);
  await stage.stopApps();
  console.log("\nChecked, in the state of the local Azure and not by what the app says:");
  for (const sentence of ending(stage)) console.log(`${style.good("✓")} ${sentence}`);
  await nodesAct(folder);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const { all, idle } = stage.ticks;
  console.log(
    `\n${claimsChecked()} claims held in ${all} ticks, ${idle} of them with nothing to do. Took ${seconds} s.
Next: docs/adoption.md, before you switch it on; npm start, to try it by hand.`,
  );
} catch (error) {
  process.exitCode = 1;
  // What is torn down in the middle of a scene fails it.
  if (!abandoned) {
    if (!(error instanceof ClaimError)) throw error;
    console.log(`\n${style.bad("✗ Not as claimed:")} ${error.message}`);
  }
} finally {
  await stage.close();
}

async function abandon(why: string): Promise<void> {
  abandoned = true;
  console.log(`\n${why}`);
  await (await opening).close();
  process.exit(1);
}
