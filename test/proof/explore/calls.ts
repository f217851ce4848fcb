import type { MemoryOperation } from "../../support/memoryServices.ts";
import type { Violation } from "../shared/checkWrite.ts";
import { changedKey, isLive, latestOf } from "../shared/sides.ts";
import { proceed } from "./behaviour.ts";
import { answerOf, excuse, failure, perform, UNLOCKED } from "./effects.ts";
import type { Answer } from "./execution.ts";
import type { Fault } from "./faults.ts";
import { settle } from "./ghosts.ts";
import { checkEffect, checkEnd } from "./promises.ts";
import { declaredIn } from "./reading.ts";
import type { Scenario, Slot, State } from "./state.ts";
import { type LateWrite, LEASE, type World } from "./world.ts";

/** Takes up one thing that can happen next: its name, what it changes, and the promise that it breaks. */
export type Add = (token: string, next: Partial<State>, violation?: Violation) => void;

export interface CallOfRun {
  readonly state: State;
  readonly scenario: Scenario;
  readonly index: number;
  readonly slot: Slot;
  readonly operation: MemoryOperation;
  readonly effect: () => unknown;
  readonly add: Add;
}

/** Lets a call happen as it should, or as a fault has it. One that takes longer than a lease is an outside act. */
export async function happen(
  call: CallOfRun,
  token: string,
  fault: Pick<Fault, "effect" | "takes"> & Partial<Fault>,
  isFault: boolean,
): Promise<void> {
  const { state, scenario, index, slot, operation, effect, add } = call;
  const { world } = state;
  const frozen = fault.takes > LEASE;
  const next: { faults?: number; acts?: number } = {};
  if (isFault) next.faults = state.faults - 1;
  if (frozen) next.acts = state.acts - 1;
  const takes = fault.takes + (operation === "addVersion" ? scenario.writeTakes : 0);
  if (fault.effect !== "now") {
    const after = {
      ...world,
      now: world.now + takes,
      late: fault.effect === "later" ? [...world.late, lateOf(call)] : world.late,
    };
    const answer = { ...failure(operation, fault.status), now: after.now };
    await advance(state, token, index, answer, after, slot, next, add);
    return;
  }
  const { after, value, error } = perform(world, effect, index);
  const settled = settle(world, after, slot, operation);
  const violation = checkEffect(world, settled, slot, index, operation, false);
  const noted = noteEffect(slot, world, settled, operation);
  const told = isFault ? failure(operation, fault.status) : answerOf(operation, value, error);
  const passed = { ...settled, now: settled.now + takes };
  const later = frozen ? excuse(passed, UNLOCKED) : passed;
  if (violation) add(token, { world: later, ...next }, violation);
  else await advance(state, token, index, { ...told, now: later.now }, later, noted, next, add);
}

/** Gives a run its answer, and checks what it says where that ends it. */
export async function advance(
  state: State,
  token: string,
  index: number,
  answer: Answer,
  world: World,
  slot: Slot,
  next: Partial<State>,
  add: Add,
): Promise<void> {
  const node = await proceed(slot.node, answer);
  const ended = node.pending.kind === "over" || node.pending.kind === "threw";
  const slots = state.slots.with(index, { ...slot, node, over: ended });
  const isOneApp = slots.every(({ app }) => app === "a");
  const isActedOn = isOneApp && (next.acts ?? state.acts) < state.scenario.acts;
  const undisturbed = world.excuses.length === 0 && !isActedOn;
  add(token, { ...next, world, slots }, ended ? checkEnd(world, slot, node.pending, undisturbed) : undefined);
}

export function noteEffect(slot: Slot, before: World, after: World, operation: MemoryOperation): Slot {
  const wrote = after.versions !== before.versions && (operation === "setTags" || operation === "addVersion");
  const key = changedKey(before, after);
  const took = operation === "acquireLease" && after.leases[slot.app] !== before.leases[slot.app];
  if (took && slot.request === "compromised") return { ...slot, declared: declaredIn(after) };
  if (!wrote && key === undefined) return slot;
  const wroteDead = operation === "addVersion" && !isLive(after, latestOf(after)!.value);
  return {
    ...slot,
    wrote: slot.wrote || wrote,
    wroteDead: operation === "addVersion" ? wroteDead : slot.wroteDead,
    regenerated: key === undefined ? slot.regenerated : [...slot.regenerated, key],
  };
}

/** The call on its way, to take effect at some later time. */
export function lateOf({ state: { world }, index, slot, operation, effect }: CallOfRun): LateWrite {
  const protectedUntil = world.leases[slot.app]?.until ?? world.now;
  return { name: `${operation} ${slot.node.id}`, slot: index, protectedUntil, effect };
}
