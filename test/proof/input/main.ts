/**
 * Bad and good input: `node test/proof/input/main.ts` checks some hundred thousand app settings and HTTP bodies and
 * prints how many; `--small` checks as many as `npm test` does, `--seed N` the same ones again.
 */
import { parseArgs } from "node:util";
import { runInputProof } from "./runInputProof.ts";

const { values } = parseArgs({ options: { seed: { type: "string" }, small: { type: "boolean" } } });
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
console.log(`input: seed ${seed}`);
const { cases, valid, refused, properties } = await runInputProof(values.small ? "small" : "full", seed);
const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1).padStart(5)} % valid`;
const line = (count: number, good: number, ms: number, text: string) =>
  `${String(count).padStart(7)} cases ${share(good, count)} ${String(count - good).padStart(7)} refused ${(ms / 1000).toFixed(1).padStart(6)} s  ${text}`;
for (const each of properties) console.log(line(each.cases, each.valid, each.milliseconds, each.property));
const milliseconds = properties.reduce((sum, each) => sum + each.milliseconds, 0);
console.log(
  line(
    cases,
    valid,
    milliseconds,
    `all of them hold, ${refused} inputs refused without an effect, seed ${seed}`,
  ),
);
