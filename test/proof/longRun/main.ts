import { parseArgs } from "node:util";
import { FULL, longRun, SMALL } from "./longRun.ts";
import { summary } from "./summary.ts";

const { values } = parseArgs({
  options: { small: { type: "boolean" }, seed: { type: "string" }, app: { type: "string" } },
});
const size = values.small ? SMALL : FULL;
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const only = values.app === undefined ? undefined : Number(values.app);

console.log(`seed ${seed}; replay with --seed ${seed}, one app of it with --app N`);
const figures = await longRun({ ...size, seed, only });
console.log(summary(figures));
for (const violation of figures.violations) console.error(`\n${violation}`);
console.log(
  `long run: ${figures.years} years, ${figures.runtimes} runtimes, ${figures.runs} runs, ${figures.registrations} registrations, ${figures.keepersRefused} of contract-keeping nodes refused, ${figures.violations.length} promises broken, seed ${seed}`,
);
process.exitCode = figures.violations.length === 0 ? 0 : 1;
