import { type AbandonedResult, runAbandoned } from "./runAbandoned.ts";
import { runSweep, type SweepResult } from "./runSweep.ts";

export interface RedactionFigures {
  /** By what it shows. */
  readonly sweeps: Readonly<Record<"errors" | "verbose" | "verbose behind a proxy", SweepResult>>;
  readonly abandoned: AbandonedResult;
}

/** Every nth cell of each sweep. */
const EVERY = {
  small: { errors: 12, verbose: 12, proxy: 60 },
  full: { errors: 1, verbose: 1, proxy: 4 },
};

/** Looks for auth keys in all that comes of hostile answers and of runs that are left alone, in processes of their own. */
export async function proveRedaction(size: "small" | "full"): Promise<RedactionFigures> {
  const every = EVERY[size];
  const [errors, abandoned, verbose, proxied] = await Promise.all([
    runSweep({ route: "proxy", places: "everywhere", every: every.errors }),
    runAbandoned(),
    runSweep({ route: "direct", places: "bodies", logLevel: "verbose", every: every.verbose }),
    runSweep({ route: "proxy", places: "bodies", logLevel: "verbose", every: every.proxy }),
  ]);
  return { sweeps: { errors, verbose, "verbose behind a proxy": proxied }, abandoned };
}
