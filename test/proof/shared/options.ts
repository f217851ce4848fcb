import { parseArgs } from "node:util";

const flag = { type: "boolean" } as const;
const text = { type: "string" } as const;

/** What the scripts of the proofs take; each says at its head what is meant for it. */
export const { values: options } = parseArgs({
  options: {
    ...{ small: flag, deep: flag, first: flag, show: flag },
    ...{ seed: text, app: text, replay: text, table: text, only: text },
  },
});

/** The same seed makes the same choices. */
export const seed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31));

/** Ends a script with what it has to say in one line, the last. */
export function conclude(holds: boolean, line: string): void {
  console.log(line);
  process.exitCode = holds ? 0 : 1;
}
