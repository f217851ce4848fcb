/**
 * `npm run demo`: eight months of five runtimes' keys in half a minute, on a clock that moves. Ends with exit code 0
 * only if everything that it says was checked. `node local/demo.ts FOLDER` shows another build than `dist`.
 */
import { FIRST_PART } from "./demo/cast.ts";
import { ClaimError, claimsChecked } from "./demo/claims.ts";
import { ending } from "./demo/ending.ts";
import { nodesAndRollout } from "./demo/nodeScenes.ts";
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
import { onReaderGone, READER_GONE, readArguments } from "./terminal.ts";
import { wrap } from "./wrap.ts";

const HELP = `\
npm run demo              shows eight months of rotations in half a minute
npm run demo -- FOLDER    the same with another build of the app than dist

Plays the built app and the real Azure SDKs against an Azure on this machine.
Nothing leaves it, and nothing stays behind. Exit code 0: every claim held;
1: one did not, or the demo was interrupted.`;

const FIRST_INTRODUCTION = `\
The built app and the real Azure SDKs against an Azure on this machine. Nothing
leaves it, and all keys are made up; they are shown as fingerprints. A tick is
the daily run of the timer; those with nothing to do are not shown. Times: UTC.
* regenerated just now     ✓ the vault names this live key     ✗ a dead key

${style.bold("1. Keys")}  berlin rotates every 30 days, lisbon every 6 weeks; readers of a
superseded key have 1 day at least to read the new one (the overlap).
`;

const SECOND_INTRODUCTION = `
${style.bold("2. Nodes")}  oslo, porto and vienna rotate every 14 days. Each has two nodes, which
somebody installed by hand, with authKey1, and nobody has touched since.
`;

const NEXT = `\
What next:
  npm start             a dozen runtimes in all states, to try it by hand, and
                        the status page of them to open in a browser
  docs/adoption.md      what to have done before the first and second rotation
  docs/deploy.md        to run it in Azure`;

/** One that hangs has failed too. */
const LONGEST_MS = 90_000;

const started = performance.now();
const [folder = "dist"] = readArguments(HELP, { allowPositionals: true }).positionals;
let abandoned = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.once(signal, () => void abandon(1, "Interrupted."));
onReaderGone(() => void abandon(READER_GONE));
setTimeout(() => void abandon(1, `Not over after ${LONGEST_MS / 1000} s.`), LONGEST_MS).unref();
const opening = Stage.open(folder);
// Ctrl-C reaches every process: one that ends while it starts is no error of the demo.
const stage = await opening.catch((error) =>
  abandoned ? new Promise<never>(() => {}) : Promise.reject(error),
);

console.log(`${FIRST_INTRODUCTION}\n${heading()}`);
try {
  let app = await stage.startApp(FIRST_PART);
  await adoption(stage, app);
  await rotations(stage, app);
  app = await crash(stage, app);
  await drift(stage, app);
  await onDemand(stage, app);
  await compromise(stage, app);
  await twoAtOnce(stage, app);
  await everyday(stage, app);
  await stage.stopApps();
  console.log(`${SECOND_INTRODUCTION}\n${heading()}`);
  await nodesAndRollout(stage);
  await stage.stopApps();

  console.log("\nChecked, in the state of the local Azure and not by what the app says:");
  for (const sentence of ending(stage)) console.log(`${style.good("✓")} ${wrap(sentence, 78).join("\n  ")}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const { all, idle } = stage.ticks;
  console.log(
    `\n${claimsChecked()} claims held in ${all} ticks, ${idle} of them with nothing to do. Took ${seconds} s.`,
  );
  console.log(`\n${NEXT}`);
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

async function abandon(code: number, why?: string): Promise<void> {
  abandoned = true;
  if (why !== undefined) console.log(`\n${why}`);
  await opening.then((stage) => stage.close()).catch(() => {});
  process.exit(code);
}
