import { style } from "../style.ts";
import type { View } from "../view.ts";

const COLUMNS = [
  ["when", 12],
  ["runtime", 7],
  ["event", 36],
  ["outcome, reason", 29],
  ["authKey1", 8],
  ["authKey2", 8],
  ["vault", 8],
] as const;

export interface Row {
  at: number;
  runtime: string;
  event: string;
  /** `outcome reason`, in the words of the app. */
  outcome: string;
  before: View;
  after: View;
}

export function heading(): string {
  return style.bold(line(COLUMNS.map(([name, width]) => name.padEnd(width))));
}

/** One event, with what it left behind. */
export function format({ at, runtime, event, outcome, before, after }: Row): string {
  const key = (name: "authKey1" | "authKey2") => {
    if (before[name] === after[name]) return after[name].padEnd(8);
    return style.fresh(`${after[name]}*`.padEnd(8));
  };
  const vault = after.namedKey ? style.good(`✓ ${after.named}`) : style.bad(`✗ ${after.named ?? "nothing"}`);
  const [when, ...texts] = [moment(at), runtime, event, outcome].map((text, index) =>
    text.padEnd(COLUMNS[index]?.[1] ?? 0),
  );
  return line([style.dim(when ?? ""), ...texts, key("authKey1"), key("authKey2"), vault]);
}

/** Something that concerns no key, between the events. */
export function aside(text: string): string {
  return style.dim(`${" ".repeat(23)}${text}`);
}

function line(cells: readonly string[]): string {
  return cells.join("  ").trimEnd();
}

/** Such as `Feb 01 03:00`, in UTC. */
function moment(at: number): string {
  const [, day, , time] = /^\w+, (\d+) (\w+) \d+ (\d+:\d+)/.exec(new Date(at).toUTCString()) ?? [];
  const month = new Date(at).toUTCString().slice(8, 11);
  return `${month} ${day} ${time}`;
}
