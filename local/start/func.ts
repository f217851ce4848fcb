import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { listenFrom } from "../host/listen.ts";

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;

export interface Func {
  readonly url: string;
  /** Runs the timer's function, without waiting for its end. */
  tick(): Promise<void>;
  /** Resolves when it ended, by itself or not. */
  readonly exited: Promise<unknown>;
  stop(): Promise<void>;
}

/** Whether the Functions Core Tools are on the PATH. */
export function hasFunc(): boolean {
  const names = process.platform === "win32" ? ["func.exe", "func.cmd"] : ["func"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => names.some((name) => existsSync(join(folder, name))));
}

/** Runs the app under the Functions Core Tools. What they print goes to this terminal. */
export async function startFunc(folder: string, settings: Record<string, string>): Promise<Func> {
  const port = await freePort(7071);
  const child = spawn("func", ["start", "--port", `${port}`], {
    cwd: folder,
    env: {
      ...process.env,
      FUNCTIONS_WORKER_RUNTIME: "node",
      FUNCTIONS_CORE_TOOLS_TELEMETRY_OPTOUT: "1",
      ...settings,
    },
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  const exited = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
    child.kill("SIGINT");
    await exited;
    clearTimeout(late);
  };
  try {
    await Promise.race([ready(url), exited.then(() => Promise.reject(new Error("func ended by itself")))]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    exited,
    stop,
    tick: async () => {
      const response = await fetch(`${url}/admin/functions/rotateOnSchedule`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      });
      if (response.status !== 202) throw new Error(`func answered ${response.status}`);
    },
  };
}

async function ready(url: string): Promise<void> {
  const end = Date.now() + READY_WITHIN_MS;
  while (Date.now() < end) {
    const response = await fetch(`${url}/admin/host/status`).catch(() => undefined);
    if (response?.ok && JSON.stringify(await response.json()).includes("Running")) return;
    await delay(500);
  }
  throw new Error(`func is not running after ${READY_WITHIN_MS / 1000} s`);
}

async function freePort(first: number): Promise<number> {
  const server = createServer();
  const port = await listenFrom(server, first);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
