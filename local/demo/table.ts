/** What the demo prints: two lines for each event, which fit a terminal of 80 columns. */
import type { NodeCount } from "../nodes.ts";
import { style } from "../style.ts";
import type { View } from "../view.ts";
import { wrap } from "../wrap.ts";

const INDENT = " ".repeat(14);

export interface Row {
  at: number;
  runtime: string;
  event: string;
  /** `outcome reason`, in the words of the app. */
  outcome: string;
  before: View;
  after: View;
  nodes: NodeCount;
}

export function heading(): string {
  return [
    style.bold(`${"when".padEnd(12)}  ${"runtime".padEnd(7)}  event`),
    style.bold(`${INDENT}${"outcome, reason".padEnd(29)}  authKey1  authKey2  vault     nodes`),
  ].join("\n");
}

/** One event, and below it what it left behind. */
export function format({ at, runtime, event, outcome, before, after, nodes }: Row): string {
  const key = (name: "authKey1" | "authKey2") => {
    if (before[name] === after[name]) return after[name].padEnd(8);
    return style.fresh(`${after[name]}*`.padEnd(8));
  };
  const vault = after.namedKey ? style.good(`✓ ${after.named}`) : style.bad(`✗ ${after.named ?? "nothing"}`);
  const cells = [outcome.padEnd(29), key("authKey1"), key("authKey2"), vault, nodeCell(nodes)];
  return `${style.dim(moment(at))}  ${runtime.padEnd(7)}  ${event}\n${INDENT}${cells.join("  ").trimEnd()}`;
}

/** Something that is no event, between them. */
export function aside(text: string): string {
  return wrap(text, 80 - INDENT.length)
    .map((line) => style.dim(`${INDENT}${line}`))
    .join("\n");
}

function nodeCell({ online, all }: NodeCount): string {
  if (all === 0) return "";
  return (online === all ? style.good : style.bad)(`${online}/${all}`);
}

/** Such as `Feb 01 03:00`, in UTC. */
function moment(at: number): string {
  const [, day, , time] = /^\w+, (\d+) (\w+) \d+ (\d+:\d+)/.exec(new Date(at).toUTCString()) ?? [];
  const month = new Date(at).toUTCString().slice(8, 11);
  return `${month} ${day} ${time}`;
}
