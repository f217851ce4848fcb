import { startHost } from "../../../local/host/index.ts";
import type { RequestKind } from "./run.ts";

/** What the app says of one runtime. */
export interface Told {
  readonly runtime: string;
  readonly outcome: string;
  readonly reason: string;
}

/** One process of the built app, in the mini host. */
export interface AppProcess {
  /** Whether it was killed. */
  readonly killed: boolean;
  /** By the timer, of all runtimes, of which only those that were not simply kept are told; undefined where it died. */
  run(request: RequestKind, names?: readonly string[]): Promise<readonly Told[] | undefined>;
  /** The body of `GET /api/status`. */
  status(): Promise<string>;
  /** Sends SIGKILL. */
  kill(): Promise<void>;
  /** Everything that it let out so far: its logs, answers and output. */
  text(): string;
}

/** @param folder of the built app */
export async function startApp(
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<AppProcess> {
  const texts: string[] = [];
  const host = await startHost({
    folder,
    settings: { ROTATION_SCHEDULE: "0 0 3 * * *", ...settings },
    onInvoked: ({ log, error = "" }) => void texts.push(...log.map(({ text }) => text), error),
  });
  if (host.problems.length > 0) throw new Error(host.problems.join("\n"));
  let killed = false;
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${host.url}/api/${path}`, {
      method,
      headers: { "x-functions-key": host.keys.function },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    texts.push(text, JSON.stringify([...response.headers]));
    return text;
  };
  return {
    get killed() {
      return killed;
    },
    async run(request, runtimes = []) {
      if (request === "timer") {
        const invocation = await host.run("rotateOnSchedule");
        const lines = invocation?.log.map(({ text }) => JSON.parse(text));
        return lines?.filter(({ event }) => event === "rotation.runtime");
      }
      try {
        const text = await call("POST", "rotate", { runtimes, compromised: request === "compromised" });
        return JSON.parse(text).runtimes;
      } catch (error) {
        // Whoever asks a process that is killed gets no answer; every other one has to give one.
        if (killed) return undefined;
        throw error;
      }
    },
    status: () => call("GET", "status"),
    kill: () => {
      killed = true;
      return host.kill();
    },
    text: () => [...texts, host.output()].join("\n"),
  };
}
