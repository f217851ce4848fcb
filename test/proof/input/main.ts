/**
 * Bad input: `node test/proof/input/main.ts` checks some hundred thousand app settings and HTTP bodies; `--small` as
 * many as `npm test` does, `--seed N` the same ones again.
 */
import { parseArgs } from "node:util";
import { proveInput } from "./proveInput.ts";

const { values } = parseArgs({ options: { seed: { type: "string" }, small: { type: "boolean" } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
console.log(`input: seed ${seed}`);
const { settings, bodies, growth } = proveInput(values.small ? 1000 : 100_000, seed);
console.log(
  `input: ${settings.valid} settings accepted, ${settings.refused} refused; ${bodies.valid} bodies accepted, ${bodies.refused} refused; ten times as much text takes at most ${growth} times as long, seed ${seed}`,
);
