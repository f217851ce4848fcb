import { type LocalAzure, startLocalAzure } from "../azure/index.ts";
import type { KeyName } from "../azure/model/dataFactory.ts";
import { type Host, startHost } from "../host/index.ts";
import { countNodes } from "../nodes.ts";
import { type LocalRuntime, type View, viewOf } from "../view.ts";
import { cast, START, settle } from "./cast.ts";
import { claim } from "./claims.ts";
import { format } from "./table.ts";
import { startWatch, type Watch } from "./watch.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** What the app tells of one runtime, in a log line or in an answer. */
export interface Told {
  runtime: string;
  /** Of a run; a status has a state. */
  outcome?: string;
  state?: string;
  reason: string;
  message: string;
}

/** An event of one runtime, and what it has to leave behind. */
export interface Event {
  runtime: LocalRuntime;
  event: string;
  /** `outcome reason`, in the words of the app. */
  outcome: string;
  /** The keys that have a new value after it. */
  renewed?: readonly KeyName[];
  names: KeyName | "a dead key";
  /** How many of its nodes are online after it; undefined where it has none. */
  online?: number;
}

/** What one run of the timer told. */
export interface Run {
  readonly told: Told[];
  /** Of the line of the run: how many rotations are due and wait, and what for. */
  waiting: Readonly<Record<string, number>> | undefined;
}

/** The demo's world, and what can be done in it. */
export class Stage {
  readonly azure: LocalAzure;
  readonly watch: Watch;
  /** All that the app told: its logs, answers and output. */
  readonly told: string[] = [];
  /** When keys were killed without regard to the overlap. */
  readonly abrupt: number[] = [];
  readonly ticks = { all: 0, idle: 0 };
  readonly #folder: string;
  readonly #settings: Record<string, string>;
  readonly #hosts: Host[] = [];
  readonly #views = new Map<string, View>();
  #onTickTold: (line: Told) => void = () => {};
  #run: Run = { told: [], waiting: undefined };

  private constructor(azure: LocalAzure, folder: string) {
    this.azure = azure;
    this.#folder = folder;
    this.#settings = settle(azure);
    this.watch = startWatch(azure, cast);
    for (const runtime of cast) this.#views.set(runtime.name, viewOf(azure, runtime));
  }

  static async open(folder: string): Promise<Stage> {
    return new Stage(await startLocalAzure(), folder);
  }

  /** One more instance of the app. */
  async startApp(runtimes: readonly unknown[]): Promise<Host> {
    const host = await startHost({
      folder: this.#folder,
      settings: { ...this.#settings, RUNTIMES: JSON.stringify(runtimes) },
      onLogged: ({ trigger }, { text }) => {
        this.told.push(text);
        if (trigger === "timer") this.#hear(JSON.parse(text));
      },
    });
    this.#hosts.push(host);
    return host;
  }

  /**
   * One run of the timer's function, in which these events have to happen and no others. Each is printed as soon as the
   * app tells of it.
   */
  async tick(app: Host, ...events: readonly Event[]): Promise<Run> {
    const checks: (() => void)[] = [];
    this.#onTickTold = (line) => {
      const event = events.find(({ runtime }) => runtime.id === line.runtime);
      if (event !== undefined) checks.push(this.#print(event, outcomeOf(line)));
    };
    const run = await this.run(app);
    this.#onTickTold = () => {};
    for (const check of checks) check();
    const date = new Date(this.azure.clock.now()).toISOString().slice(0, 10);
    const what = events.length === 0 ? "has nothing to do" : "does what is shown and nothing else";
    const pairs = (all: readonly (readonly [id: string, outcome: string])[]) =>
      all.map(([id, outcome]) => `${nameOf(id)} ${outcome}`).toSorted();
    claim(
      `the tick of ${date} ${what}`,
      run && pairs(run.told.map((line) => [line.runtime, outcomeOf(line)])),
      pairs(events.map(({ runtime, outcome }) => [runtime.id, outcome])),
    );
    if (events.length === 0) this.ticks.idle += 1;
    return this.#run;
  }

  /** A run of the timer's function; undefined where the process died under it. */
  async run(app: Host): Promise<Run | undefined> {
    this.ticks.all += 1;
    this.#run = { told: [], waiting: undefined };
    const invocation = await app.run("rotateOnSchedule");
    this.told.push(invocation?.error ?? "");
    return invocation && this.#run;
  }

  /** A tick each day from tomorrow on, at the hour of the first, up to that day, whose tick is still to come. */
  async quietUntil(app: Host, day: string, daily: () => void = () => {}): Promise<void> {
    const { clock } = this.azure;
    const end = Date.parse(`${day}T03:00:00Z`);
    for (;;) {
      clock.advance(DAY - ((clock.now() - START) % DAY));
      if (clock.now() >= end) return;
      await this.tick(app);
      daily();
    }
  }

  /** The same, and that day's tick, in which these events have to happen. */
  async tickOn(app: Host, day: string, ...events: readonly Event[]): Promise<Run> {
    await this.quietUntil(app, day);
    return await this.tick(app, ...events);
  }

  /** Calls `POST /api/rotate`, and returns what it is answered of the first runtime. */
  async call(app: Host, body: object): Promise<{ status: number; outcome: string }> {
    const response = await this.#fetch(app, "rotate", { method: "POST", body: JSON.stringify(body) });
    const [first] = response.runtimes;
    return { status: response.status, outcome: first === undefined ? "" : outcomeOf(first) };
  }

  /** Calls `GET /api/status`. */
  async status(app: Host): Promise<readonly Told[]> {
    return (await this.#fetch(app, "status", {})).runtimes;
  }

  /** Prints what happened to one runtime, and checks that it is what had to happen. */
  show(event: Event, outcome: string): void {
    this.#print(event, outcome)();
  }

  async stopApps(): Promise<void> {
    const hosts = this.#hosts.splice(0);
    await Promise.all(hosts.map((host) => host.stop()));
    this.told.push(...hosts.map((host) => host.output()));
  }

  async close(): Promise<void> {
    await this.stopApps();
    await this.azure.stop();
  }

  #hear(line: Told & { event: string; waiting?: Record<string, number> }): void {
    if (line.event === "rotation.run") this.#run.waiting = line.waiting;
    if (line.event !== "rotation.runtime") return;
    this.#run.told.push(line);
    this.#onTickTold(line);
  }

  /** Prints the row; what is returned checks it, because nothing may throw where a log line comes in. */
  #print({ runtime, event, outcome: expected, renewed = [], names, online }: Event, outcome: string) {
    const before = this.#views.get(runtime.name) ?? viewOf(this.azure, runtime);
    const after = viewOf(this.azure, runtime);
    this.#views.set(runtime.name, after);
    const nodes = countNodes(this.azure, runtime);
    const at = this.azure.clock.now();
    console.log(format({ at, runtime: runtime.name, event, outcome, before, after, nodes }));
    const seen = {
      outcome,
      renewed: (["authKey1", "authKey2"] as const).filter((key) => before[key] !== after[key]),
      names: after.namedKey ?? "a dead key",
      online: nodes.online,
    };
    return () => {
      claim(`${runtime.name}: ${event}`, seen, { outcome: expected, renewed, names, online: online ?? 0 });
      claim("the vault has named a live key throughout", this.watch.dead, []);
    };
  }

  async #fetch(app: Host, path: string, init: RequestInit): Promise<{ status: number; runtimes: Told[] }> {
    const headers = { "x-functions-key": app.keys.function };
    const response = await fetch(`${app.url}/api/${path}`, { ...init, headers });
    const text = await response.text();
    this.told.push(text);
    return { status: response.status, runtimes: JSON.parse(text).runtimes };
  }
}

export function outcomeOf({ outcome, state, reason }: Told): string {
  return `${outcome ?? state} ${reason}`;
}

export function nameOf(id: string): string {
  return cast.find((runtime) => runtime.id === id)?.name ?? id;
}
