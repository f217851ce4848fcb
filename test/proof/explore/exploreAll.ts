/** Also the script of a process that explores its share of the scenarios and tells its parent what came of it. */
import { runChild } from "../shared/children.ts";
import { nodesMade } from "./behaviour.ts";
import type { Bounds } from "./bounds.ts";
import { endsSeen } from "./converge.ts";
import { describe } from "./describe.ts";
import { explore } from "./explorer.ts";
import { allScenarios } from "./scenarios.ts";

/** What was explored, and how every promise that was found broken came to be, in words. */
export interface ExplorationFigures {
  scenarios: number;
  states: number;
  steps: number;
  /** Points at which every run that has begun is over; from each one, two ticks must lead to a healthy state. */
  ends: number;
  /** Those that are told apart; what two processes met is counted twice. */
  distinctEnds: number;
  /** Different histories of one run that the production code was executed for. */
  histories: number;
  violations: string[];
}

const PARTS = 2;

/** Explores all scenarios within each of these bounds, shared out to two processes. */
export async function exploreAll(bounds: readonly Bounds[]): Promise<ExplorationFigures> {
  // What lives for long is much, and what lives for a moment more.
  const env = { NODE_OPTIONS: "--max-old-space-size=8192 --max-semi-space-size=64" };
  const shares = Array.from({ length: PARTS }, async (_, part) => {
    const args = [JSON.stringify({ bounds, part })];
    return (await runChild<ExplorationFigures>(new URL(import.meta.url), args, env)).told;
  });
  const [all, ...others] = (await Promise.all(shares)) as [ExplorationFigures, ...ExplorationFigures[]];
  for (const { violations, ...figures } of others) {
    all.violations.push(...violations);
    for (const name of Object.keys(figures) as (keyof typeof figures)[]) all[name] += figures[name];
  }
  return all;
}

/** Explores what `isMine` says, until there is enough. */
export async function exploreHere(
  bounds: readonly Bounds[],
  isMine: (index: number) => boolean = () => true,
  most = Number.POSITIVE_INFINITY,
): Promise<ExplorationFigures> {
  const all = { scenarios: 0, states: 0, steps: 0, ends: 0, violations: [] as string[] };
  for (const bound of bounds) {
    for (const [index, scenario] of (await allScenarios(bound)).entries()) {
      if (!isMine(index) || all.violations.length >= most) continue;
      const { states, steps, ends, found } = await explore(scenario);
      all.scenarios += 1;
      all.states += states;
      all.steps += steps;
      all.ends += ends;
      if (found) all.violations.push(await describe(found));
    }
  }
  return { ...all, distinctEnds: endsSeen(), histories: nodesMade() };
}

if (process.send && process.argv[1] === import.meta.filename) {
  const { bounds, part } = JSON.parse(process.argv[2] ?? "");
  const isMine = (index: number) => index % PARTS === part;
  process.send(await exploreHere(bounds, isMine));
  process.disconnect();
}
