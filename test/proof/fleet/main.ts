/**
 * `node test/proof/fleet/main.ts`: fleets of 300 runtimes with nodes that use keys, through three rotations of each,
 * and a table of what became of them; `--small` as in `npm test`. Which nodes are chosen is always the same, whatever
 * other proofs draw: a few choices in a hundred miss a goal (docs/proof.md), and a proof must not fail by chance.
 */
import { conclude, options } from "../shared/options.ts";
import { cases, missed } from "./cases.ts";
import { FULL, runCase, SMALL } from "./runCase.ts";

const size = options.small ? SMALL : FULL;
const rows: Record<string, Record<string, number>> = {};
const broken: string[] = [];
let rotations = 0;
for (const each of cases) {
  const figures = await runCase(each, size);
  const misses = missed(each, figures);
  const mark = each.goals === undefined ? "·" : misses.length === 0 ? "✓" : "✗";
  const rounded = Object.entries(figures).map(([name, figure]) => [name, Math.round(figure)]);
  rows[`${mark} ${each.name}`] = Object.fromEntries(rounded);
  rotations += figures.rotated;
  broken.push(...misses);
}
console.table(rows);
for (const each of broken) console.error(each);
conclude(
  broken.length === 0,
  `fleets: ${cases.length} of ${size.runtimes} runtimes, ${size.days} days, ${rotations} rotations, ${broken.length} goals missed`,
);
