import type { Violation } from "../shared/checkWrite.ts";
import type { RequestKind } from "../shared/run.ts";
import type { Node } from "./behaviour.ts";
import type { Bounds } from "./bounds.ts";
import { hash, keyOfWorld, shortOf } from "./canonical.ts";
import type { Ghost } from "./promises.ts";
import type { App, World } from "./world.ts";

export interface Run {
  readonly request: RequestKind;
  readonly app: App;
}

/** What is explored: where it begins, which runs come in this order, and how time passes. */
export interface Scenario extends Bounds {
  readonly name: string;
  readonly world: World;
  /** For each of the runs, in their order, what it may be. */
  readonly runs: readonly (readonly Run[])[];
  /** How much the app's clock is ahead of the services'. */
  readonly skew: number;
}

/** One run that has begun. */
export interface Slot extends Ghost {
  readonly node: Node;
  readonly over: boolean;
}

/** One point of an exploration. */
export interface State {
  readonly scenario: Scenario;
  readonly world: World;
  readonly slots: readonly Slot[];
  readonly faults: number;
  readonly acts: number;
  readonly switches: number;
  /** The run that moved last. */
  readonly last: number;
  /** How often a sleeping run may still wake while another one is in the middle of a call. */
  readonly wakes: number;
  readonly trace: Trace | undefined;
}

/** How a state was reached: the last step, and the way before it. Holds no state, so that those can be forgotten. */
export interface Trace {
  readonly token: string;
  readonly before: Trace | undefined;
}

/** One thing that can happen next: either where it leads, or the promise that it breaks. */
export interface Move {
  readonly token: string;
  readonly state: State;
  readonly violation: Violation | undefined;
}

export function firstState(scenario: Scenario): State {
  return {
    scenario,
    world: scenario.world,
    slots: [],
    faults: scenario.faults,
    acts: scenario.acts,
    switches: scenario.switches,
    last: 0,
    wakes: 1,
    trace: undefined,
  };
}

export function isAlive(slot: Slot): boolean {
  return !slot.over;
}

/** No run is in the middle of something. */
export function isQuiet({ slots }: State): boolean {
  return !slots.some(isAlive);
}

/** What it takes that this run moves next; undefined where the one that moved last may not be interrupted any more. */
export function turnOf(state: State, index: number): Pick<State, "last" | "switches"> | undefined {
  const running = state.slots[state.last];
  const interrupts =
    running !== undefined && state.last !== index && isAlive(running) && running.node.pending.kind === "call";
  const switches = state.switches - (interrupts ? 1 : 0);
  return switches < 0 ? undefined : { last: index, switches };
}

/** Tells states apart, except by how much may still go wrong. */
export function keyOfState({ world, slots, wakes, last }: State): number {
  const parts = slots.map((slot) => {
    if (slot.over) return "x";
    const { node, declared, wrote, wroteDead, regenerated, alone } = slot;
    return `${node.id}${wrote ? "w" : ""}${wroteDead ? "d" : ""}${alone ? "a" : ""}${regenerated.join("")}${declared.map(shortOf).join(".")}`;
  });
  const turn = slots.filter(isAlive).length > 1 ? last : "";
  return hash(`${parts.join(" ")} ${turn} ${wakes} ${keyOfWorld(world)}`);
}
