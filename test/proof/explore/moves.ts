import { KEY_NAMES } from "../../../src/services.ts";
import type { MemoryOperation } from "../../support/memoryServices.ts";
import type { Violation } from "../shared/checkWrite.ts";
import { actsOn } from "./acts.ts";
import { begin } from "./behaviour.ts";
import { type Add, advance, happen, lateOf, noteEffect } from "./calls.ts";
import { rebase } from "./canonical.ts";
import { excuse, perform, UNLOCKED } from "./effects.ts";
import { faultsOf } from "./faults.ts";
import { settle } from "./ghosts.ts";
import { checkEffect, UNTOUCHED } from "./promises.ts";
import {
  isAlive,
  isQuiet,
  type Move,
  type Run,
  type Scenario,
  type Slot,
  type State,
  turnOf,
} from "./state.ts";
import { LEASE, OVERLAP, ROTATE_EVERY, SECOND, type World } from "./world.ts";

/** Everything that can happen next. */
export async function movesFrom(state: State, scenario: Scenario): Promise<Move[]> {
  const moves: Move[] = [];
  const add = (token: string, next: Partial<State>, violation?: Violation) => {
    moves.push(toMove(state, token, next, violation));
  };
  for (const [index, slot] of state.slots.entries()) {
    const turn = isAlive(slot) && turnOf(state, index);
    if (!turn) continue;
    const addTurn: Add = (token, next, violation) => add(token, { ...turn, ...next }, violation);
    await movesOfRun(state, scenario, index, slot, addTurn);
  }
  await startsOfNextRun(state, scenario, add);
  for (const late of state.world.late) {
    const world = { ...state.world, late: state.world.late.filter((other) => other !== late) };
    // A lease, held until it runs out by itself, protects from what arrives while it would last, and one app only.
    const protectedByLease =
      state.world.now < late.protectedUntil && state.slots.every(({ app }) => app === "a");
    const excused = protectedByLease ? world : excuse(world, UNLOCKED);
    const slot = state.slots[late.slot]!;
    const operation = late.name.split(" ")[0] as MemoryOperation;
    const { after } = perform(excused, late.effect, late.slot);
    const settled = settle(excused, after, slot, operation, true);
    const slots = state.slots.with(late.slot, noteEffect(slot, world, settled, operation));
    add(
      `${late.slot + 1}.late-write-lands`,
      { world: settled, slots },
      checkEffect(excused, settled, slot, late.slot, operation, true),
    );
  }
  if (state.acts > 0) {
    for (const { token, world } of actsOn(state)) add(token, { world, acts: state.acts - 1 });
  }
  return moves;
}

/** Once nothing is at work, what was seen under old names is forgotten, and nothing is excused any longer. */
function toMove(state: State, token: string, next: Partial<State>, violation: Violation | undefined): Move {
  const moved = { ...state, ...next, trace: { token, before: state.trace } };
  if (moved.acts === 0 && moved.world.keysBefore && !moved.world.staleNext) {
    moved.world = { ...moved.world, keysBefore: undefined };
  }
  if (isQuiet(moved)) {
    if (moved.world.late.length === 0) moved.world = rebase(moved.world);
    moved.wakes = 1;
  }
  return { token, state: moved, violation };
}

async function movesOfRun(
  state: State,
  scenario: Scenario,
  index: number,
  slot: Slot,
  add: Add,
): Promise<void> {
  const { pending } = slot.node;
  const name = `${index + 1}`;
  if (pending.kind === "sleep") {
    const others = state.slots.some((other) => other !== slot && isAlive(other));
    if (others && state.wakes === 0) return;
    const now = Math.max(state.world.now, pending.until);
    const answer = { key: "awake", now };
    const wakes = others ? state.wakes - 1 : state.wakes;
    const world = { ...state.world, now };
    await advance(state, `${name}.wakes`, index, answer, world, slot, { wakes }, add);
    return;
  }
  if (pending.kind !== "call") return;
  const { operation, effect } = pending;
  const call = { state, scenario, index, slot, operation, effect, add };
  await happen(call, name, { effect: "now", takes: 0 }, false);
  if (state.faults > 0) {
    for (const fault of faultsOf[operation]) await happen(call, `${name}.${fault.token}`, fault, true);
    const slots = state.slots.with(index, { ...slot, over: true });
    add(`${name}.killed`, { slots, faults: state.faults - 1 });
    if (faultsOf[operation].some((fault) => fault.effect === "later")) {
      const world = { ...state.world, late: [...state.world.late, lateOf(call)] };
      add(`${name}.killed-while-it-is-on-its-way`, { slots, world, faults: state.faults - 1 });
    }
  }
  if (state.acts > 0)
    await happen(call, `${name}.answered-after-61s`, { effect: "now", takes: LEASE + SECOND }, false);
}

/** The next run, whichever it is, begins at once or, while no other is alive, also after each span that matters. */
async function startsOfNextRun(state: State, scenario: Scenario, add: Add): Promise<void> {
  const index = state.slots.length;
  const choices = scenario.runs[index] ?? [];
  const turn = turnOf(state, index);
  if (turn === undefined) return;
  const alone = isQuiet(state);
  const gaps = alone && index > 0 ? gapsFrom(state.world) : [{ token: "", now: state.world.now }];
  for (const run of choices) {
    if (!isPossible(state, scenario, run)) continue;
    // A second app is the one outside act.
    const acts = run.app === "a" ? state.acts : 0;
    for (const { token, now } of gaps) {
      const knowsNothing = knowsNothingOfOthers(state, run, now);
      // Where nothing is at work any more, a second app does what the first would do.
      if (run.app !== "a" && !knowsNothing && state.world.late.length === 0) continue;
      const moved = { ...state.world, now };
      const world = knowsNothing ? excuse(moved, UNLOCKED) : moved;
      const node = await begin({ ...run, slot: index, now, skew: scenario.skew });
      const others = alone ? state.slots : state.slots.map((other) => ({ ...other, alone: false }));
      const slots = [...others, { ...UNTOUCHED, ...run, node, over: false, alone }];
      add(`start${index + 1}:${run.request}:${run.app}${token}`, { ...turn, acts, world, slots });
    }
  }
}

/**
 * Where there are nodes, one of the runs is the timer's, and all are of one app: no other run writes what nodes show, and
 * two that do not know of each other are excused.
 */
function isPossible({ slots, world, acts }: State, scenario: Scenario, { app, request }: Run): boolean {
  if (app !== "a" && acts < scenario.acts) return false;
  if (world.offline === undefined || slots.length === 0) return true;
  return app === "a" && [request, ...slots.map((slot) => slot.request)].includes("timer");
}

/** Whether a run of another app is at work, or is dead and would still be protected by its lease. */
function knowsNothingOfOthers({ slots, world }: State, run: Run, now: number): boolean {
  const other = run.app === "a" ? "b" : "a";
  const held = world.leases[other];
  return (
    slots.some((slot) => slot.app === other && isAlive(slot)) || (held !== undefined && held.until > now)
  );
}

/** Spans that matter between runs: until a lease has run out, until just before and after an overlap's end, until due. */
function gapsFrom(world: World): { token: string; now: number }[] {
  const { now } = world;
  const isHeld = Object.values(world.leases).some((lease) => lease !== undefined && lease.until > now);
  const ends = KEY_NAMES.flatMap((name): [string, number][] => {
    const at = world.superseded[world.live[name]];
    if (at === undefined) return [];
    return [
      [`+overlap-1ms:${name}`, at + OVERLAP - 1],
      [`+overlap:${name}`, at + OVERLAP + 2 * SECOND],
    ];
  });
  const times: [string, number][] = [
    ["", now],
    ...(isHeld || world.late.length > 0 ? [["+61s", now + LEASE + SECOND] as [string, number]] : []),
    ...ends,
    ["+rotateEvery", now + ROTATE_EVERY + 2 * SECOND],
  ];
  return times.flatMap(([token, at]) => (at >= now ? [{ token, now: at }] : []));
}
