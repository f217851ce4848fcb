/**
 * `node test/proof/fleet/main.ts`: fleets of 300 runtimes with nodes that use keys, through three rotations of each,
 * and a table of what became of them; `--small` as in `npm test`. Which nodes are chosen is always the same, whatever
 * other proofs draw: a few choices in a hundred miss a goal (docs/proof.md), and a proof must not fail by chance.
 */
import { parseArgs } from "node:util";
import { type Case, cases, missed } from "./cases.ts";
import type { Figures } from "./figures.ts";
import { FULL, runCase, SMALL } from "./runCase.ts";

const { values } = parseArgs({ options: { small: { type: "boolean" } }, strict: false });
const size = values.small ? SMALL : FULL;

const columns: readonly [title: string, (figures: Figures) => number][] = [
  ["lost nodes", ({ lost }) => lost],
  ["at once", ({ lostAtOnce }) => lostAtOnce],
  ["in 30 days", ({ lostInAPeriod }) => lostInAPeriod],
  ["told lost", ({ told }) => told],
  ["rotations", ({ rotated }) => rotated],
  ["overdue, days", ({ overdueDays }) => overdueDays],
  ["near expiry", ({ warnings }) => warnings],
  ["falsely", ({ falseWarnings }) => falseWarnings],
  ["idle ARM writes", ({ idleArmWrites }) => idleArmWrites],
];
const line = (name: string, cells: readonly string[]) =>
  `${name.padEnd(48)}${cells.map((cell, n) => cell.padStart((columns[n]?.[0].length ?? 0) + 2)).join("")}`;

console.log(`${size.runtimes} runtimes, ${size.days} days\n`);
console.log(
  line(
    "",
    columns.map(([title]) => title),
  ),
);
const broken: string[] = [];
let rotations = 0;
for (const each of cases) {
  const figures = await runCase(each, size);
  rotations += figures.rotated;
  const misses = missed(each, figures);
  broken.push(...misses);
  console.log(
    line(
      `${markOf(each, misses)} ${each.name}`,
      columns.map(([, of]) => String(Math.round(of(figures)))),
    ),
  );
}
for (const each of broken) console.error(each);
console.log(
  `fleets: ${cases.length} of ${size.runtimes} runtimes, ${size.days} days, ${rotations} rotations, ${broken.length} goals missed`,
);
process.exitCode = broken.length === 0 ? 0 : 1;

function markOf({ goals }: Case, misses: readonly string[]): string {
  if (goals === undefined) return "·";
  return misses.length === 0 ? "✓" : "✗";
}
