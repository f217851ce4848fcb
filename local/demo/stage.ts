import { type LocalAzure, startLocalAzure } from "../azure/index.ts";
import type { KeyName } from "../azure/model/dataFactory.ts";
import { type Host, startHost } from "../host/index.ts";
import { type LocalRuntime, type View, viewOf } from "../view.ts";
import { cast, START, settle } from "./cast.ts";
import { claim } from "./claims.ts";
import { format } from "./table.ts";
import { startWatch, type Watch } from "./watch.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** What one run came to, `outcome reason` for each runtime by name; those that it does not tell of were kept. */
export type Outcomes = Readonly<Record<string, string>>;

/** What an event has to leave behind. */
export interface Expected {
  outcome: string;
  /** The keys that have a new value after it. */
  renewed?: readonly KeyName[];
  names: KeyName | "a dead key";
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
  async startApp(): Promise<Host> {
    const host = await startHost({ folder: this.#folder, settings: this.#settings });
    this.#hosts.push(host);
    return host;
  }

  /** One run of the timer's function; undefined where the process died under it. */
  async tick(app: Host): Promise<Outcomes | undefined> {
    this.ticks.all += 1;
    const invocation = await app.run("rotateOnSchedule");
    if (invocation === undefined) return undefined;
    const lines = invocation.log.map(({ text }) => text);
    this.told.push(...lines, invocation.error ?? "");
    return outcomesOf(
      lines.map((text) => JSON.parse(text)).filter(({ event }) => event === "rotation.runtime"),
    );
  }

  /** A tick each day from tomorrow on, at the hour of the first; all but the last must have nothing to do. */
  async ticksUntil(app: Host, day: string): Promise<Outcomes | undefined> {
    const last = Date.parse(`${day}T03:00:00Z`);
    for (;;) {
      const { clock } = this.azure;
      clock.advance(DAY - ((clock.now() - START) % DAY));
      const outcomes = await this.tick(app);
      if (clock.now() >= last) return outcomes;
      const date = new Date(clock.now()).toISOString().slice(0, 10);
      claim(`the tick of ${date} has nothing to do`, outcomes, everyKept);
      this.ticks.idle += 1;
    }
  }

  /** Calls `POST /api/rotate`. */
  async call(app: Host, body: object): Promise<{ status: number; outcomes: Outcomes }> {
    const response = await fetch(`${app.url}/api/rotate`, {
      method: "POST",
      headers: { "x-functions-key": app.keys.function },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    this.told.push(text);
    return { status: response.status, outcomes: outcomesOf(JSON.parse(text).runtimes) };
  }

  /** Prints what happened to one runtime, after checking that it is what had to happen. */
  show(runtime: LocalRuntime, event: string, outcome: string | undefined, expected: Expected): void {
    const before = this.#views.get(runtime.name) ?? viewOf(this.azure, runtime);
    const after = viewOf(this.azure, runtime);
    this.#views.set(runtime.name, after);
    const at = this.azure.clock.now();
    console.log(format({ at, runtime: runtime.name, event, outcome: outcome ?? "", before, after }));
    const renewed = (["authKey1", "authKey2"] as const).filter((key) => before[key] !== after[key]);
    claim(
      `${runtime.name}: ${event}`,
      { outcome, renewed, names: after.namedKey ?? "a dead key" },
      { renewed: [], ...expected },
    );
    claim("the vault has named a live key throughout", this.watch.dead, []);
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
}

const everyKept: Outcomes = Object.fromEntries(cast.map(({ name }) => [name, "kept"]));

function outcomesOf(told: { runtime: string; outcome: string; reason: string }[]): Outcomes {
  const entries = told.map(({ runtime, outcome, reason }) => {
    const name = cast.find(({ id }) => id === runtime)?.name ?? runtime;
    return [name, outcome === "kept" ? "kept" : `${outcome} ${reason}`];
  });
  return { ...everyKept, ...Object.fromEntries(entries) };
}
