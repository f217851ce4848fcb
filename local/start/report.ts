import type { LocalAzure } from "../azure/index.ts";
import type { Invocation } from "../host/functionApp.ts";
import { style } from "../style.ts";
import { type LocalRuntime, viewOf } from "../view.ts";

interface RuntimeLine {
  event: string;
  runtime: string;
  outcome: string;
  reason: string;
  message: string;
}

const TITLES: Readonly<Record<string, string>> = {
  rotateOnSchedule: "tick",
  rotateOnDemand: "POST /api/rotate",
  status: "GET /api/status",
};

/** Tells what invocations came to, one line for each runtime and the app's own sentence below it. */
export class Reporter {
  readonly #azure: LocalAzure;
  readonly #runtimes: readonly LocalRuntime[];
  readonly #json: boolean;
  #lastTick = "";

  constructor(azure: LocalAzure, runtimes: readonly LocalRuntime[], json: boolean) {
    this.#azure = azure;
    this.#runtimes = runtimes;
    this.#json = json;
  }

  report({ name, trigger, log, error, refusal }: Invocation): void {
    const title = `${this.#now()}  ${TITLES[name] ?? name}`;
    if (this.#json) {
      console.log(style.bold(title));
      if (refusal) console.log(`  ${style.bad(refusal)}`);
      for (const { text } of log) console.log(`  ${text}`);
      return;
    }
    const told = log
      .flatMap(({ text }) => parse(text) ?? [])
      .filter(({ event }) => event === "rotation.runtime");
    // Neither a failure to read the settings nor a request that cannot be used gets to a log line.
    const problem = error ?? refusal;
    const body =
      told.length === 0 && problem
        ? wrap(problem).map((text) => `  ${style.bad(text)}`)
        : this.#body(told, trigger);
    const text = body.join("\n");
    if (trigger !== "http" && text === this.#lastTick) {
      console.log(style.dim(`${title}: nothing new`));
      return;
    }
    if (trigger !== "http") this.#lastTick = text;
    console.log([style.bold(title), ...body].join("\n"));
  }

  /** A tick concerns all runtimes, and does not tell of those that it kept; a call concerns those that it tells of. */
  #body(told: readonly RuntimeLine[], trigger: Invocation["trigger"]): string[] {
    return this.#runtimes.flatMap((runtime) => {
      const line = told.find(({ runtime: id }) => id === runtime.id);
      if (line === undefined && trigger === "http") return [];
      const outcome = line === undefined ? "kept" : `${line.outcome} ${line.reason}`;
      const row = `  ${runtime.name.padEnd(15)}${outcome.padEnd(31)}${this.#keys(runtime)}`;
      return line === undefined
        ? [row]
        : [row, ...wrap(line.message).map((text) => style.dim(`    ${text}`))];
    });
  }

  #keys(runtime: LocalRuntime): string {
    if (this.#azure.state.dataFactory.runtimes[runtime.id.toLowerCase()]?.kind !== "self-hosted") {
      return "no keys of its own";
    }
    const { authKey1, authKey2, named, namedKey } = viewOf(this.#azure, runtime);
    const mark = namedKey === undefined ? style.bad("✗") : style.good("✓");
    return `authKey1 ${authKey1}  authKey2 ${authKey2}  vault ${mark} ${named ?? "nothing"}`;
  }

  #now(): string {
    return new Date(this.#azure.clock.now()).toISOString().slice(0, 19).replace("T", " ");
  }
}

function parse(text: string): RuntimeLine | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Breaks a sentence into lines that fit a terminal. */
function wrap(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + word.length > 112) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
