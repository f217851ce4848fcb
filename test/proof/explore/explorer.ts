import type { Violation } from "../shared/checkWrite.ts";
import { forgetMany } from "./behaviour.ts";
import { converge } from "./converge.ts";
import { movesFrom } from "./moves.ts";
import { firstState, isQuiet, keyOfState, type Scenario, type State } from "./state.ts";

export interface Found {
  readonly scenario: Scenario;
  readonly violation: Violation;
  /** What happened, step by step; replays it. */
  readonly path: readonly string[];
}

/** How much was explored so far. */
export interface Tally {
  scenarios: number;
  states: number;
  /** Points at which every run that has begun is over; from each one, two ticks must lead to a healthy state. */
  ends: number;
}

/** Every state within the scenario's bounds, nearest first, so that what is found has a shortest trace. */
export async function explore(scenario: Scenario, tally: Tally): Promise<Found | undefined> {
  forgetMany();
  tally.scenarios += 1;
  const visited = new Visited(scenario);
  const queue: State[] = [];
  const meet = (state: State) => visited.isNew(state) && queue.push(state);
  meet(firstState(scenario));
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head]!;
    (queue as (State | undefined)[])[head] = undefined;
    tally.states += 1;
    if (isQuiet(state)) {
      tally.ends += 1;
      const violation = await converge(state.world);
      if (violation) return { scenario, violation, path: pathTo(state) };
    }
    for (const { state: next, token, violation } of await movesFrom(state, scenario)) {
      if (violation) return { scenario, violation, path: [...pathTo(state), token] };
      meet(next);
    }
  }
  return undefined;
}

/** States that were met, each with how much was left that may happen: what is met again with less is not new. */
class Visited {
  readonly #met = new Map<number, number>();
  readonly #scenario: Scenario;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  isNew(state: State): boolean {
    const key = keyOfState(state);
    const met = this.#met.get(key) ?? 0;
    if (met & this.#bit(state.faults, state.acts, state.switches)) return false;
    let covered = met;
    for (let faults = 0; faults <= state.faults; faults += 1) {
      for (let acts = 0; acts <= state.acts; acts += 1) {
        for (let switches = 0; switches <= state.switches; switches += 1) {
          covered |= this.#bit(faults, acts, switches);
        }
      }
    }
    this.#met.set(key, covered);
    return true;
  }

  /** Of 32 at most. */
  #bit(faults: number, acts: number, switches: number): number {
    const { acts: mostActs, switches: mostSwitches } = this.#scenario;
    return 1 << ((faults * (mostActs + 1) + acts) * (mostSwitches + 1) + switches);
  }
}

function pathTo(state: State): string[] {
  const path: string[] = [];
  for (let at = state.trace; at; at = at.before) path.unshift(at.token);
  return path;
}
