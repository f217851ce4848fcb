import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** How a script of this folder is started: what it trusts, where it looks, and what of its output is kept. */
export interface Child {
  readonly process: ChildProcess;
  /** Everything that it wrote so far. */
  readonly output: () => string;
  readonly exited: Promise<unknown>;
}

/** Starts a script of the tests as a process of its own, which can talk back by messages. */
export function startChild(script: URL, args: readonly string[], env: NodeJS.ProcessEnv): Child {
  const child = fork(fileURLToPath(script), [...args], {
    env: { ...process.env, ...env },
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    serialization: "advanced",
  });
  const exited = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return { process: child, output: () => output, exited };
}
