/**
 * `node test/proof/longRun/main.ts`: ten years of 200 runtimes in virtual time; `--small` one year of eleven,
 * `--seed N` the same once more, `--app N` one app of it alone, `--show` with the whole of its figures.
 */
import { parseArgs } from "node:util";
import { FULL, longRun, SMALL } from "./longRun.ts";

const { values } = parseArgs({
  options: {
    small: { type: "boolean" },
    show: { type: "boolean" },
    seed: { type: "string" },
    app: { type: "string" },
  },
});
const size = values.small ? SMALL : FULL;
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const only = values.app === undefined ? undefined : Number(values.app);

const { runtimes, counts, violations } = await longRun({ ...size, seed, only });
if (values.show)
  for (const name of Object.keys(counts).sort()) console.log(`${counts[name]}`.padStart(10), name);
for (const violation of violations) console.log(`\n${violation}`);
const runs = Object.entries(counts).reduce((sum, [name, n]) => sum + (name.startsWith("run:") ? n : 0), 0);
console.log(
  `long run: ${size.years} years, ${runtimes} runtimes, ${runs} runs, ${counts.registrations} registrations, ${violations.length} promises broken, seed ${seed}`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
