/** `npm start`: a local Azure with a dozen runtimes in all states, and the built app against it. */
import { startLocalAzure } from "./azure/index.ts";
import { startHost } from "./host/index.ts";
import { playNodeScript } from "./nodes.ts";
import { Estate } from "./start/estate.ts";
import { runtimes, settingsOf } from "./start/fleet.ts";
import { hasFunc, startFunc } from "./start/func.ts";
import { playHistory } from "./start/history.ts";
import { startLevers } from "./start/levers.ts";
import { Reporter, type Standing } from "./start/report.ts";
import { welcome } from "./start/welcome.ts";
import { onReaderGone, READER_GONE, readArguments } from "./terminal.ts";

const HELP = `\
npm start              the app against an Azure on this machine; prints calls to try
npm start -- --fleet   with a thousand runtimes, found by patterns; some come
                       and go with each day that passes
npm start -- --json    the app's log lines as they are
npm start -- --func    the app under the Functions Core Tools

Nothing leaves this machine; Ctrl-C ends everything and leaves nothing behind.`;

const introduction = (howMany: string) => `\
A local Azure with ${howMany} integration runtimes and one key vault. Names and
keys are made up, and nothing leaves this machine.
Keys are shown as fingerprints.
✓ the vault names a live key   ✗ it names a dead one, or none

The forty days before now are being played ...
`;

const FOLDER = "dist";
const PORT = 7071;
const TIMER = "rotateOnSchedule";

/** What is to be ended, the last begun first. */
const running: (() => void | Promise<void>)[] = [];
const interrupted = Promise.withResolvers<number>();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => interrupted.resolve(0));
onReaderGone(() => interrupted.resolve(READER_GONE));

const flag = { type: "boolean" } as const;
const {
  func = false,
  json = false,
  fleet = false,
} = readArguments(HELP, { options: { func: flag, json: flag, fleet: flag } }).values;
let code = 0;
try {
  // Also while it starts: that takes seconds.
  code = (await Promise.race([start(), interrupted.promise])) ?? (await interrupted.promise);
  console.log("\nStopping.");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  code = 1;
}
for (const stop of running.reverse()) await stop();
process.exit(code);

async function start(): Promise<undefined> {
  if (func && !hasFunc()) {
    throw new Error(
      "`func` is not on the PATH: install the Azure Functions Core Tools, or run `npm start` without --func",
    );
  }
  console.log(introduction(fleet ? "a thousand" : "a dozen"));
  const starting = startLocalAzure();
  // Ctrl-C reaches every process: what is ended while it starts has tidied up after itself.
  running.push(() => starting.then((azure) => azure.stop()).catch(() => {}));
  const azure = await starting;
  await playHistory(azure, FOLDER);
  const estate = fleet ? new Estate(azure) : undefined;
  estate?.place();
  const settings = settingsOf(azure, estate?.patterns);
  const reporter = new Reporter(azure, runtimes, json, estate);
  const app = await (func ? underFunc(settings) : underMiniHost(settings, reporter));
  const status = `${app.url}/api/status${app.key === undefined ? "" : `?code=${app.key}`}`;
  const runNodeScripts = () => {
    for (const runtime of [...runtimes, ...(estate?.runtimes ?? [])]) playNodeScript(azure, runtime);
  };
  const advance = (ms: number) => {
    azure.clock.advance(ms);
    if (estate !== undefined) console.log(estate.pass(ms));
  };
  const levers = await startLevers(
    { clock: azure.clock, status, advance, tick: app.tick, runNodeScripts },
    PORT + 1,
  );
  running.push(levers.stop);
  const response = await fetch(status);
  const { runtimes: standings } = (await response.json()) as { runtimes: Standing[] };
  reporter.standings(standings);
  console.log(`\n${welcome(app.url, levers.url, app.key)}`);
  console.log("The timer ticks each full hour, and when the clock is moved.");
  console.log("Ctrl-C ends everything.\n");
}

async function underFunc(settings: Record<string, string>) {
  const app = await startFunc(FOLDER, settings);
  running.push(() => app.stop());
  void app.exited.then(() => interrupted.resolve(1));
  return { url: app.url, key: undefined, tick: app.tick };
}

async function underMiniHost(settings: Record<string, string>, reporter: Reporter) {
  const app = await startHost({
    folder: FOLDER,
    settings,
    port: PORT,
    timers: true,
    onLogged: (invocation, line) => reporter.logged(invocation, line),
    onInvoked: (invocation) => reporter.ended(invocation),
  });
  running.push(() => app.stop());
  for (const problem of app.problems) console.log(problem);
  const tick = async () => {
    if ((await app.run(TIMER)) === undefined) throw new Error("the app has ended");
  };
  return { url: app.url, key: app.keys.function, tick };
}
