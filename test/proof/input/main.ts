/**
 * Bad input: `node test/proof/input/main.ts` checks some hundred thousand app settings and HTTP bodies; `--small` as
 * many as `npm test` does, `--seed N` the same ones again.
 */
import { conclude, options, seed } from "../shared/options.ts";
import { proveInput } from "./proveInput.ts";

console.log(`input: seed ${seed}`);
const { settings, bodies, growth } = proveInput(options.small ? 1000 : 100_000, seed);
conclude(
  true,
  `input: ${settings.valid} settings accepted, ${settings.refused} refused; ${bodies.valid} bodies accepted, ${bodies.refused} refused; ten times as much text takes at most ${growth} times as long, seed ${seed}`,
);
