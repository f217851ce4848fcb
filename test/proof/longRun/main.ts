/**
 * `node test/proof/longRun/main.ts`: ten years of 200 runtimes in virtual time; `--small` one year of eleven,
 * `--seed N` the same once more, `--app N` one app of it alone, `--show` with the whole of its figures.
 */
import { conclude, options, seed } from "../shared/options.ts";
import { FULL, longRun, SMALL } from "./longRun.ts";

const size = options.small ? SMALL : FULL;
const only = options.app === undefined ? undefined : Number(options.app);
const { runtimes, counts, violations } = await longRun({ ...size, seed, only });
if (options.show)
  for (const name of Object.keys(counts).sort()) console.log(`${counts[name]}`.padStart(10), name);
for (const violation of violations) console.log(`\n${violation}`);
const runs = Object.entries(counts).reduce((sum, [name, n]) => sum + (name.startsWith("run:") ? n : 0), 0);
conclude(
  violations.length === 0,
  `long run: ${size.years} years, ${runtimes} runtimes, ${runs} runs, ${counts.registrations} registrations, ${violations.length} promises broken, seed ${seed}`,
);
