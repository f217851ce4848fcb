import type { LocalAzure } from "../azure/index.ts";
import type { Begun, Invocation, LogLine } from "../host/functionApp.ts";
import { countNodes } from "../nodes.ts";
import { style } from "../style.ts";
import { type LocalRuntime, viewOf } from "../view.ts";
import { wrap } from "../wrap.ts";
import type { Estate } from "./estate.ts";
import { hasKeys } from "./fleet.ts";

/** What the app tells of one runtime. */
interface Told {
  runtime: string;
  reason: string;
  message: string;
}

/** What a status says of one. */
export interface Standing extends Told {
  state: string;
}

const TITLES: Readonly<Record<string, string>> = {
  rotateOnSchedule: "tick",
  rotateOnDemand: "POST /api/rotate",
  status: "GET /api/status",
};

/** Tells what invocations come to, while they run: a line for each runtime, and the app's own sentence below it. */
export class Reporter {
  readonly #azure: LocalAzure;
  readonly #runtimes: readonly LocalRuntime[];
  readonly #json: boolean;
  readonly #estate: Pick<Estate, "runtimes"> | undefined;
  /** Whose title was printed last. */
  #titled: string | undefined;
  /** By running invocation: the runtimes that it has told of. */
  readonly #told = new Map<string, Set<string>>();
  /** By runtime: what the latest tick that had something new came to. */
  readonly #lastTick = new Map<string, string>();
  /** Of the run that has just told how it ended. */
  #summary: Readonly<Record<string, number>> = {};

  /** @param estate more runtimes, too many for a line each where all is well */
  constructor(
    azure: LocalAzure,
    runtimes: readonly LocalRuntime[],
    json: boolean,
    estate?: Pick<Estate, "runtimes">,
  ) {
    this.#azure = azure;
    this.#runtimes = runtimes;
    this.#json = json;
    this.#estate = estate;
  }

  /** How every runtime stands, before anything happens. */
  standings(status: readonly Standing[]): void {
    const names = [
      "runtime".padEnd(14),
      "state, reason".padEnd(31),
      ...["authKey1", "authKey2", "vault"].map((name) => name.padEnd(9)),
      "nodes",
    ];
    console.log(style.bold(`  ${names.join("")}`));
    const lines = new Map(status.map((line) => [line.runtime, line]));
    const rest = (this.#estate?.runtimes ?? []).filter(({ id }) => lines.get(id)?.state !== "healthy");
    for (const runtime of [...this.#runtimes, ...rest]) {
      const line = lines.get(runtime.id);
      if (line !== undefined) console.log(this.#row(runtime, `${line.state} ${line.reason}`));
    }
    const healthy = status.filter(({ state }) => state === "healthy").length;
    if (this.#estate) console.log(`  ${healthy} of ${status.length} are healthy`);
  }

  /** A line that a function has just written. */
  logged(invocation: Begun, { text }: LogLine): void {
    if (this.#json) {
      this.#title(invocation);
      console.log(`  ${text}`);
      return;
    }
    const line: (Told & { event: string; outcome: string; summary: Record<string, number> }) | undefined =
      parse(text);
    if (line?.event === "rotation.run") this.#summary = line.summary;
    const all = [...this.#runtimes, ...(this.#estate?.runtimes ?? [])];
    const runtime = all.find(({ id }) => id === line?.runtime);
    if (line?.event !== "rotation.runtime" || runtime === undefined) return;
    const told = this.#told.get(invocation.id) ?? new Set();
    this.#told.set(invocation.id, told.add(runtime.id));
    this.#tell(invocation, runtime, `${line.outcome} ${line.reason}`, line.message);
  }

  /** A run is over; of the runtimes that it did not tell of, a tick has kept everything as it was. */
  ended(invocation: Invocation): void {
    const { id, trigger, error, refusal } = invocation;
    const told = this.#told.get(id);
    this.#told.delete(id);
    // Neither a failure to read the settings nor a request that cannot be used gets to a log line.
    const problem = refusal ?? (told === undefined ? error : undefined);
    if (problem !== undefined) {
      this.#title(invocation);
      for (const text of wrap(problem, 76)) console.log(`  ${style.bad(text)}`);
    } else if (trigger !== "http" && !this.#json) {
      for (const runtime of this.#runtimes) {
        if (!told?.has(runtime.id)) this.#tell(invocation, runtime, "kept");
      }
    }
    if (this.#estate && trigger !== "http" && !this.#json && problem === undefined) {
      this.#title(invocation);
      console.log(`  ${countsOf(this.#summary)}`);
    }
    if (this.#titled !== id) {
      const rest = trigger === "http" ? "" : ": nothing new";
      console.log(style.dim(`${this.#now()}  ${titleOf(invocation)}${rest}`));
    }
    this.#titled = undefined;
  }

  /** Of ticks, only what is new. */
  #tell(invocation: Begun, runtime: LocalRuntime, outcome: string, message?: string): void {
    const row = this.#row(runtime, outcome);
    if (invocation.trigger !== "http") {
      if (this.#lastTick.get(runtime.id) === row) return;
      this.#lastTick.set(runtime.id, row);
    }
    this.#title(invocation);
    console.log(row);
    if (message !== undefined) for (const text of wrap(message, 76)) console.log(style.dim(`    ${text}`));
  }

  /** Printed anew where another invocation has come in between. */
  #title(invocation: Begun): void {
    if (this.#titled === invocation.id) return;
    this.#titled = invocation.id;
    console.log(style.bold(`${this.#now()}  ${titleOf(invocation)}`));
  }

  #row(runtime: LocalRuntime, outcome: string): string {
    return `  ${runtime.name.padEnd(14)}${outcome.padEnd(31)}${this.#keys(runtime)}`.trimEnd();
  }

  #keys(runtime: LocalRuntime): string {
    if (!hasKeys(this.#azure, runtime)) return "no keys of its own";
    const { authKey1, authKey2, named, namedKey } = viewOf(this.#azure, runtime);
    const vault = `${namedKey === undefined ? "✗" : "✓"} ${named ?? "none"}`.padEnd(9);
    const { online, all } = countNodes(this.#azure, runtime);
    return [
      authKey1.padEnd(9),
      authKey2.padEnd(9),
      (namedKey === undefined ? style.bad : style.good)(vault),
      all === 0 ? "" : (online < all ? style.bad : style.good)(`${online}/${all}`),
    ].join("");
  }

  #now(): string {
    return new Date(this.#azure.clock.now()).toISOString().slice(0, 19).replace("T", " ");
  }
}

function countsOf(summary: Readonly<Record<string, number>>): string {
  const counts = Object.entries(summary).filter(([, count]) => count > 0);
  return counts.map(([outcome, count]) => `${count} ${outcome}`).join(", ");
}

function titleOf({ name }: Begun): string {
  return TITLES[name] ?? name;
}

function parse(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
