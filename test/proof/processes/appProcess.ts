import { type Host, startHost } from "../../../local/host/index.ts";
import { cast } from "./cast.ts";
import type { Door } from "./door.ts";
import type { Ask, Invocation } from "./invocation.ts";

/** What an invocation came to, by what the app says: for the figures. */
export interface Ended {
  readonly how: "answered" | "failed" | "died";
  /** Of the answer to a call. */
  readonly status: number | undefined;
  readonly runtimes: readonly { runtime: string; outcome: string; reason: string }[];
}

/** One process of the built app, in the mini host; it does one thing at a time. */
export class AppProcess {
  /** Slot and life, such as `B3`. */
  readonly name: string;
  readonly #host: Host;
  readonly #door: Door;
  readonly #told: string[];
  #gone: Promise<void> | undefined;

  private constructor(name: string, host: Host, door: Door, told: string[]) {
    this.name = name;
    this.#host = host;
    this.#door = door;
    this.#told = told;
  }

  /** @param folder of the built app */
  static async start(
    name: string,
    folder: string,
    settings: Readonly<Record<string, string>>,
    door: Door,
  ): Promise<AppProcess> {
    const told: string[] = [];
    const onInvoked = ({ log, error }: { log: { text: string }[]; error: string | undefined }) =>
      void told.push(...log.map(({ text }) => text), error ?? "");
    const host = await startHost({ folder, settings: { ...settings, ...door.settings }, onInvoked });
    if (host.problems.length > 0) throw new Error(host.problems.join("\n"));
    return new AppProcess(name, host, door, told);
  }

  async run(invocation: Invocation): Promise<Ended> {
    this.#door.invocation = invocation;
    const { ask } = invocation;
    return ask.trigger === "timer" ? await this.#tick() : await this.#call(ask);
  }

  /** Sends SIGKILL. */
  kill(): void {
    this.#gone ??= this.#host.kill().then(() => this.#door.close());
  }

  /** Whether it was killed. */
  get killed(): boolean {
    return this.#gone !== undefined;
  }

  /** Of a process that was killed: it is no more, and nothing that it sent is still on its way. */
  async gone(): Promise<void> {
    await this.#gone;
  }

  /** `GET /api/status`: the state of each runtime. */
  async states(): Promise<string[]> {
    const { body } = await this.#fetch("GET", "status");
    return body.runtimes.map(({ state }: { state: string }) => state);
  }

  /** Everything that it let out since this was last asked: its logs and answers, and once it is gone its output. */
  takeTexts(): string[] {
    return [...this.#told.splice(0), ...(this.killed ? [this.#host.output()] : [])];
  }

  async #tick(): Promise<Ended> {
    const invocation = await this.#host.run("rotateOnSchedule");
    if (invocation === undefined) return { how: "died", status: undefined, runtimes: [] };
    const lines = invocation.log.map(({ text }) => JSON.parse(text));
    const told = lines.filter(({ event }) => event === "rotation.runtime");
    const kept = cast.filter(({ id }) => !told.some(({ runtime }) => runtime === id));
    const keptLines = kept.map(({ id }) => ({ runtime: id, outcome: "kept", reason: "" }));
    const how = invocation.error === undefined ? "answered" : "failed";
    return { how, status: undefined, runtimes: [...told, ...keptLines] };
  }

  async #call({ runtimes, kind }: Extract<Ask, { trigger: "http" }>): Promise<Ended> {
    const named = { runtimes: runtimes.length === 0 ? ["*"] : runtimes.map(({ name }) => name) };
    const flags = { dryRun: kind === "dry run", compromised: kind === "compromised" };
    try {
      const { status, body } = await this.#fetch("POST", "rotate", { ...named, ...flags });
      return { how: status === 200 ? "answered" : "failed", status, runtimes: body.runtimes };
    } catch {
      // The process is gone, or will be in a moment; one that nobody has killed is found out by whoever asked.
      return { how: "died", status: undefined, runtimes: [] };
    }
  }

  async #fetch(method: string, path: string, body?: object) {
    const { url, keys } = this.#host;
    const response = await fetch(`${url}/api/${path}`, {
      method,
      headers: { "x-functions-key": keys.function },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    this.#told.push(text, JSON.stringify([...response.headers]));
    return { status: response.status, body: JSON.parse(text) };
  }
}
