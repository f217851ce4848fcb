import { forgetMany, nodesMade } from "./behaviour.ts";
import type { Bounds } from "./bounds.ts";
import { endsSeen } from "./converge.ts";
import { describe } from "./describe.ts";
import { explore } from "./explorer.ts";
import { allScenarios } from "./scenarios.ts";

/** What was explored, and how every promise that was found broken came to be, in words. */
export interface ExplorationFigures {
  readonly scenarios: number;
  readonly states: number;
  readonly steps: number;
  /** Points at which every run that has begun is over; from each one, two ticks must lead to a healthy state. */
  readonly ends: number;
  /** Those that are told apart. */
  readonly distinctEnds: number;
  /** Different histories of one run that the production code was executed for. */
  readonly histories: number;
  readonly violations: readonly string[];
}

/** Explores one of `parts` shares of all scenarios within each of these bounds. */
export async function exploreShare(
  bounds: readonly Bounds[],
  { part, parts }: { part: number; parts: number },
  isEnough: (violations: number) => boolean = () => false,
): Promise<ExplorationFigures> {
  const figures = { scenarios: 0, states: 0, steps: 0, ends: 0 };
  const violations: string[] = [];
  for (const bound of bounds) {
    for (const [index, scenario] of (await allScenarios(bound)).entries()) {
      // Scenarios of one app and of two alternate, and cost differently much: each share gets both.
      if ((index + Math.floor(index / 2)) % parts !== part || isEnough(violations.length)) continue;
      forgetMany();
      const { states, steps, ends, found } = await explore(scenario);
      figures.scenarios += 1;
      figures.states += states;
      figures.steps += steps;
      figures.ends += ends;
      if (found) violations.push(await describe(found));
    }
  }
  return {
    ...figures,
    distinctEnds: endsSeen(),
    histories: nodesMade(),
    violations,
  };
}
