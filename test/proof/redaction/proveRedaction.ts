import { type Finding, findCanaries } from "../../support/canaries.ts";
import { runChild, withAuthority } from "../shared/children.ts";
import type { SweepFigures, SweepOptions } from "./sweep.ts";

export interface SweepResult extends SweepFigures {
  /** What the process wrote to its standard streams, in characters, and what was found there. */
  readonly printed: number;
  readonly found: readonly Finding["what"][];
}

/** What is looked at, by its name; every nth cell of each. */
const SWEEPS = {
  errors: { route: "proxy", places: "everywhere", logLevel: "", small: 12, full: 1 },
  verbose: { route: "direct", places: "bodies", logLevel: "verbose", small: 12, full: 1 },
  "verbose behind a proxy": { route: "proxy", places: "bodies", logLevel: "verbose", small: 60, full: 4 },
} as const;

export type RedactionFigures = Readonly<Record<keyof typeof SWEEPS, SweepResult>>;

/** Looks for auth keys and tokens in all that comes of hostile answers to every call of the adapters. */
export async function proveRedaction(size: "small" | "full"): Promise<RedactionFigures> {
  return await withAuthority(async (authority) => {
    const results = Object.entries(SWEEPS).map(async ([name, { logLevel, route, places, ...sizes }]) => {
      const args: SweepOptions = { route, places, every: sizes[size] };
      const env = { ...authority, AZURE_LOG_LEVEL: logLevel };
      const script = new URL("./sweep.ts", import.meta.url);
      const { told, output } = await runChild<SweepFigures>(script, [JSON.stringify(args)], env);
      const found = [...new Set(findCanaries(output).map(({ what }) => what))];
      return [name, { ...told, printed: output.length, found }] as const;
    });
    return Object.fromEntries(await Promise.all(results)) as unknown as RedactionFigures;
  });
}
