import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Begun, Invocation, LogLine } from "./functionApp.ts";
import { FAKE_KEYS, type HostKeys } from "./keys.ts";
import type { FromHost, HostPlan, ToHost } from "./messages.ts";

export interface HostOptions {
  /** The app as it would be deployed, such as `dist`. */
  folder: string;
  /** The app settings. The process sees these and nothing of this one's environment but `PATH` and Windows' `SystemRoot`. */
  settings: Readonly<Record<string, string>>;
  /** The first port to try. Default 0: any free one. */
  port?: number;
  /** Whether timers fire by their schedule. Default: only when {@link Host.run} says so. */
  timers?: boolean;
  /** Told of every line as soon as a function writes it, whatever began that. */
  onLogged?: (invocation: Begun, line: LogLine) => void;
  /** Told of every invocation at its end, whatever began it. */
  onInvoked?: (invocation: Invocation) => void;
}

/** A function app in a process of its own. */
export interface Host {
  readonly url: string;
  readonly keys: HostKeys;
  readonly pid: number;
  readonly functions: readonly string[];
  /** Functions that the host could not start, in the host's words. */
  readonly problems: readonly string[];
  /** Everything that the process wrote to its standard streams. */
  output(): string;
  /** Runs a function as its timer would; `undefined` where the process died under it. */
  run(name: string): Promise<Invocation | undefined>;
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>;
  /** Lets what runs finish for a few seconds, then ends the process. */
  stop(): Promise<void>;
}

const STOP_WITHIN_MS = 5000;

/** Starts the mini host: a child process that plays the Functions host and its Node worker for one app. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { folder, settings, port = 0, timers = false, onLogged, onInvoked } = options;
  const plan: HostPlan = { folder, port, timers, keys: FAKE_KEYS };
  const { PATH = "", SystemRoot = "" } = process.env;
  const child = fork(fileURLToPath(new URL("./process.ts", import.meta.url)), [JSON.stringify(plan)], {
    execArgv: [],
    env: { PATH, SystemRoot, FUNCTIONS_WORKER_RUNTIME: "node", ...settings },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const exited = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (output += text));

  const started = await firstMessage(child, exited, () => output);
  const waiting = new Map<number, (invocation: Invocation | undefined) => void>();
  child.on("message", (message: FromHost) => {
    if (message.type === "logged") onLogged?.(message.invocation, message.line);
    if (message.type !== "invoked") return;
    onInvoked?.(message.invocation);
    if (message.run !== undefined) waiting.get(message.run)?.(message.invocation);
  });
  void exited.then(() => {
    for (const resolve of waiting.values()) resolve(undefined);
  });

  let runs = 0;
  return {
    url: `http://127.0.0.1:${started.port}`,
    keys: FAKE_KEYS,
    pid: child.pid ?? 0,
    functions: started.functions,
    problems: started.problems,
    output: () => output,
    run: (name) => {
      if (!started.functions.includes(name)) return Promise.reject(new Error(`The host runs no ${name}`));
      if (!child.connected) return Promise.resolve(undefined);
      runs += 1;
      const run = runs;
      return new Promise((resolve) => {
        waiting.set(run, resolve);
        send(child, { type: "run", run, name });
      });
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
    stop: async () => {
      const late = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
      if (child.connected) send(child, { type: "stop" });
      await exited;
      clearTimeout(late);
    },
  };
}

async function firstMessage(
  child: ChildProcess,
  exited: Promise<unknown>,
  output: () => string,
): Promise<Extract<FromHost, { type: "started" }>> {
  const message = await Promise.race([
    once(child, "message").then(([first]) => first as FromHost),
    exited.then(() => undefined),
  ]);
  if (message?.type === "started") return message;
  throw new Error(`The app does not start:\n${output()}`);
}

function send(child: ChildProcess, message: ToHost): void {
  // The process may be gone by the time that this is sent; its exit is what the caller learns of it by.
  child.send(message, () => {});
}
