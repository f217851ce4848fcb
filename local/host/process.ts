/**
 * The process that plays the Functions host and its Node worker for one app. It tells its parent when it is
 * ready and what every invocation came to, and ends with its parent.
 */
import type { TypedData } from "./coreModule.ts";
import { type Invocation, loadFunctionApp, timerInput } from "./functionApp.ts";
import { createHttpServer } from "./http.ts";
import { listenFrom } from "./listen.ts";
import type { FromHost, HostPlan, ToHost } from "./messages.ts";
import { startTimer } from "./timers.ts";

const plan: HostPlan = JSON.parse(process.argv[2] ?? "{}");
process.once("disconnect", () => process.exit());
// Ctrl-C reaches the whole process group; the parent says when to stop.
process.on("SIGINT", () => {});

const app = await loadFunctionApp(plan.folder, (invocation, line) =>
  send({ type: "logged", invocation, line }),
);
const functions = new Map(app.functions);
const running = new Set<Promise<unknown>>();
const timers: { stop(): void }[] = [];
const problems: string[] = [];

for (const { name, trigger } of app.functions.values()) {
  if (trigger.type !== "timerTrigger") continue;
  try {
    const timer = startTimer(trigger.schedule ?? "", process.env, async () => {
      await invoke(name, "timer", timerInput());
    });
    if (plan.timers) timers.push(timer);
    else timer.stop();
  } catch (error) {
    // As in Azure: a function in error is no function, and the others go on.
    functions.delete(name);
    problems.push(`The '${name}' function is in error: ${(error as Error).message}`);
  }
}

const server = createHttpServer({
  functions,
  keys: plan.keys,
  call: async (name, input) => {
    const { invocation, http } = await invoke(name, "http", input);
    return invocation.error === undefined ? (http ?? {}) : "thrown";
  },
  begin: (name) => void invoke(name, "admin", timerInput()),
});

process.on("message", (message: ToHost) => {
  if (message.type === "stop") void stop();
  else void invoke(message.name, "timer", timerInput(), message.run);
});
const port = await listenFrom(server, plan.port);
send({ type: "started", port, functions: [...functions.keys()], problems });

async function invoke(name: string, trigger: Invocation["trigger"], input: TypedData, run?: number) {
  const invoking = app.invoke(name, trigger, input);
  running.add(invoking);
  const result = await invoking;
  running.delete(invoking);
  send({ type: "invoked", run, invocation: result.invocation });
  return result;
}

/** What runs already is finished first, so that it can give its leases back. */
async function stop(): Promise<void> {
  for (const timer of timers) timer.stop();
  server.close();
  await Promise.all(running);
  process.exit();
}

function send(message: FromHost): void {
  if (process.connected) process.send?.(message);
}
