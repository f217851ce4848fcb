/**
 * `npm start`: a local Azure with three runtimes, and the built app against it. `-- --json` prints the app's log
 * lines as they are; `-- --func` runs the app under the Functions Core Tools. Ctrl-C leaves nothing behind.
 */
import { parseArgs } from "node:util";
import { startLocalAzure } from "./azure/index.ts";
import { startHost } from "./host/index.ts";
import { startClockServer } from "./start/clockServer.ts";
import { hasFunc, startFunc } from "./start/func.ts";
import { furnish } from "./start/furnish.ts";
import { Reporter } from "./start/report.ts";
import { callsToTry } from "./start/welcome.ts";

const FOLDER = "dist";
const PORT = 7071;
const TIMER = "rotateOnSchedule";

/** What is to be ended, the last begun first. */
const running: (() => void | Promise<void>)[] = [];
const interrupted = Promise.withResolvers<number>();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => interrupted.resolve(0));

let code = 0;
try {
  await start();
  code = await interrupted.promise;
  console.log("\nStopping.");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  code = 1;
}
for (const stop of running.reverse()) await stop();
process.exit(code);

async function start(): Promise<void> {
  const { func = false, json = false } = parseArgs({
    options: { func: { type: "boolean" }, json: { type: "boolean" } },
  }).values;
  if (func && !hasFunc()) {
    throw new Error(
      "`func` is not on the PATH: install the Azure Functions Core Tools, or run `npm start` without --func",
    );
  }
  const azure = await startLocalAzure();
  running.push(() => azure.stop());
  const { runtimes, settings } = furnish(azure);
  console.log(`\
A local Azure with ${runtimes.length} integration runtimes and one key vault. Its names and keys are made up, and nothing leaves
this machine. Keys are shown as fingerprints; ✓ the vault names a live key.
`);

  if (func) {
    const app = await startFunc(FOLDER, settings);
    running.push(() => app.stop());
    void app.exited.then(() => interrupted.resolve(1));
    const clock = await startClockServer(azure.clock, PORT + 1, app.tick);
    running.push(clock.stop);
    await app.tick();
    console.log(`\n${callsToTry(app.url, clock.url, undefined)}`);
  } else {
    const reporter = new Reporter(azure, runtimes, json);
    const app = await startHost({
      folder: FOLDER,
      settings,
      port: PORT,
      timers: true,
      onInvoked: (invocation) => reporter.report(invocation),
    });
    running.push(() => app.stop());
    for (const problem of app.problems) console.log(problem);
    const tick = async () => {
      if ((await app.run(TIMER)) === undefined) throw new Error("the app has ended");
    };
    const clock = await startClockServer(azure.clock, PORT + 1, tick);
    running.push(clock.stop);
    await tick();
    console.log(`\n${callsToTry(app.url, clock.url, app.keys.function)}`);
  }
  console.log("The timer ticks every 5 minutes here. Ctrl-C ends everything.\n");
}
