import { pool } from "../faults/pool.ts";
import { type Mutation, mutations } from "./mutations.ts";
import { type Caught, tryMutation } from "./tryMutation.ts";

export interface Tried {
  readonly mutation: Mutation;
  readonly caught: Caught | undefined;
}

/** Every deliberate mistake, two at a time; `tell` hears of each as it is done. */
export async function tryAll(tell: (tried: Tried) => void = () => {}): Promise<readonly Tried[]> {
  const results = new Map<Mutation, Caught | undefined>();
  await pool(mutations, 2, async (mutation) => {
    const caught = await tryMutation(mutation);
    results.set(mutation, caught);
    tell({ mutation, caught });
  });
  return mutations.map((mutation) => ({ mutation, caught: results.get(mutation) }));
}

/** The table of docs/proof.md. */
export function renderTried(tried: readonly Tried[]): string {
  const rows = tried.map(({ mutation: { name, file }, caught }) => {
    const by = caught === undefined ? "**nothing**" : caught.by;
    return `| ${name} | \`${file}\` | ${by} | ${caught?.how.replaceAll("|", "\\|") ?? ""} |`;
  });
  return ["| mistake | in | caught by | how |", "| --- | --- | --- | --- |", ...rows].join("\n");
}
