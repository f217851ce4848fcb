/** Also the script of a process that explores its share of the scenarios and tells its parent what came of it. */
import { runChild } from "../shared/children.ts";
import { nodesMade } from "./behaviour.ts";
import type { Bounds } from "./bounds.ts";
import { describe } from "./describe.ts";
import { explore, type Tally } from "./explorer.ts";
import { allScenarios } from "./scenarios.ts";

/** What was explored, and how every promise that was found broken came to be, in words. */
export interface Explored extends Tally {
  /** Different histories of one run that the production code was executed for. */
  readonly histories: number;
  readonly violations: readonly string[];
}

const PARTS = 2;

/** Explores all scenarios within each of these bounds, shared out to two processes. */
export async function exploreAll(bounds: readonly Bounds[]): Promise<Explored> {
  // What lives for long is much, and what lives for a moment more.
  const env = { NODE_OPTIONS: "--max-old-space-size=8192 --max-semi-space-size=64" };
  const shares = Array.from({ length: PARTS }, async (_, part) => {
    const args = [JSON.stringify({ bounds, part })];
    return (await runChild<Explored>(new URL(import.meta.url), args, env)).told;
  });
  const all = await Promise.all(shares);
  const sum = (name: Exclude<keyof Explored, "violations">) =>
    all.reduce((total, one) => total + one[name], 0);
  return {
    ...{ scenarios: sum("scenarios"), states: sum("states"), ends: sum("ends"), histories: sum("histories") },
    violations: all.flatMap(({ violations }) => violations),
  };
}

/** Explores what `isMine` says, until there is enough. */
export async function exploreHere(
  bounds: readonly Bounds[],
  isMine: (index: number) => boolean = () => true,
  most = Number.POSITIVE_INFINITY,
): Promise<Explored> {
  const tally = { scenarios: 0, states: 0, ends: 0 };
  const violations: string[] = [];
  for (const bound of bounds) {
    for (const [index, scenario] of (await allScenarios(bound)).entries()) {
      if (!isMine(index) || violations.length >= most) continue;
      const found = await explore(scenario, tally);
      if (found) violations.push(await describe(found));
    }
  }
  return { ...tally, histories: nodesMade(), violations };
}

if (process.send && process.argv[1] === import.meta.filename) {
  const { bounds, part } = JSON.parse(process.argv[2] ?? "");
  process.send(await exploreHere(bounds, (index) => index % PARTS === part));
  process.disconnect();
}
