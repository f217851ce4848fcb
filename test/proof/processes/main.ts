/**
 * `node test/proof/processes/main.ts`: real processes of the built app, many rounds, about two minutes.
 * `--small`: a handful of rounds. `--seed N`: the choices of that seed once more. Exit code 0 only without violations.
 */
import { parseArgs } from "node:util";
import { proveProcesses } from "./proveProcesses.ts";
import { FULL, SMALL } from "./sizes.ts";
import { tell } from "./tell.ts";

const { values } = parseArgs({ options: { small: { type: "boolean" }, seed: { type: "string" } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
console.log(`seed ${seed}`);
const figures = await proveProcesses({
  seed,
  ...(values.small ? SMALL : FULL),
  onViolation: (story) => console.log(`\n${story}\n`),
});
console.log(tell(figures));
const { rounds, kills, calls, regenerates, violations } = figures;
console.log(
  `processes: ${rounds} rounds, ${kills} kills, ${calls} calls, ${regenerates} keys regenerated, ${violations.length} promises broken, seed ${seed}`,
);
process.exitCode = violations.length > 0 ? 1 : 0;
