import type { MemoryOperation } from "../../support/memoryServices.ts";
import { actsOn } from "./acts.ts";
import { type Answer, begin, type Node, proceed } from "./behaviour.ts";
import { rebase } from "./canonical.ts";
import { answerOf, excuse, failure, perform, UNLOCKED } from "./effects.ts";
import { type Fault, faultsOf } from "./faults.ts";
import { settle } from "./ghosts.ts";
import { checkEffect, checkEnd, declaredIn, regeneratedKey, type Violation } from "./promises.ts";
import { isAlive, isQuiet, type Move, type Scenario, type Slot, type State, turnOf } from "./state.ts";
import { isLive, LEASE, latestOf, OVERLAP, ROTATE_EVERY, SECOND, type World } from "./world.ts";

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
      `${late.slot + 1}.lands`,
      { world: settled, slots },
      checkEffect(excused, settled, slot, late.slot, operation, true),
    );
  }
  if (state.acts > 0) {
    for (const { token, world } of actsOn(state)) add(token, { world, acts: state.acts - 1 });
  }
  return moves;
}

function leaseEnd(world: World, slot: Slot): number {
  return world.leases[slot.app]?.until ?? world.now;
}

type Add = (token: string, next: Partial<State>, violation?: Violation) => void;

/** Once nothing is at work, what was seen under old names is forgotten, and nothing is excused any longer. */
function toMove(state: State, token: string, next: Partial<State>, violation: Violation | undefined): Move {
  const moved = { ...state, ...next, parent: state, token, depth: state.depth + 1 };
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
  const node = slot.node!;
  const { pending } = node;
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
    add(`${name}.dies`, { slots, faults: state.faults - 1 });
    if (faultsOf[operation].some((fault) => fault.effect === "later")) {
      const late = {
        name: `${operation} ${node.id}`,
        slot: index,
        protectedUntil: leaseEnd(state.world, slot),
        effect,
      };
      const world = { ...state.world, late: [...state.world.late, late] };
      add(`${name}.diesSending`, { slots, world, faults: state.faults - 1 });
    }
  }
  if (state.acts > 0) await happen(call, `${name}.slow`, { effect: "now", takes: LEASE + SECOND }, false);
}

interface CallOfRun {
  readonly state: State;
  readonly scenario: Scenario;
  readonly index: number;
  readonly slot: Slot;
  readonly operation: MemoryOperation;
  readonly effect: () => unknown;
  readonly add: Add;
}

/** Lets a call happen as it should, or as a fault has it. One that takes longer than a lease is an outside act. */
async function happen(
  { state, scenario, index, slot, operation, effect, add }: CallOfRun,
  token: string,
  fault: Pick<Fault, "effect" | "takes"> & Partial<Fault>,
  isFault: boolean,
): Promise<void> {
  const { world } = state;
  const frozen = fault.takes > LEASE;
  const next: { faults?: number; acts?: number } = {};
  if (isFault) next.faults = state.faults - 1;
  if (frozen) next.acts = state.acts - 1;
  const takes = fault.takes + (operation === "addVersion" ? scenario.writeTakes : 0);
  if (fault.effect !== "now") {
    const late = {
      name: `${operation} ${slot.node!.id}`,
      slot: index,
      protectedUntil: leaseEnd(world, slot),
      effect,
    };
    const after = {
      ...world,
      now: world.now + takes,
      late: fault.effect === "later" ? [...world.late, late] : world.late,
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
async function advance(
  state: State,
  token: string,
  index: number,
  answer: Answer,
  world: World,
  slot: Slot,
  next: Partial<State>,
  add: Add,
): Promise<void> {
  const node = await proceed(slot.node!, answer);
  const ended = node.pending.kind === "over" || node.pending.kind === "threw";
  const slots = state.slots.with(index, { ...slot, node, over: ended });
  const scenario = state.scenario;
  const undisturbed = world.excuses.length === 0 && (next.acts ?? state.acts) === scenario.acts;
  add(token, { ...next, world, slots }, ended ? checkEnd(world, slot, node.pending, undisturbed) : undefined);
}

function noteEffect(slot: Slot, before: World, after: World, operation: MemoryOperation): Slot {
  const wrote = after.versions !== before.versions && (operation === "setTags" || operation === "addVersion");
  const key = regeneratedKey(before, after);
  if (
    operation === "acquireLease" &&
    slot.request === "compromised" &&
    after.leases[slot.app] !== before.leases[slot.app]
  ) {
    return { ...slot, declared: declaredIn(after) };
  }
  if (!wrote && key === undefined) return slot;
  const wroteDead = operation === "addVersion" && !isLive(after, latestOf(after)!.value);
  return {
    ...slot,
    wrote: slot.wrote || wrote,
    wroteDead: operation === "addVersion" ? wroteDead : slot.wroteDead,
    regenerated: key === undefined ? slot.regenerated : [...slot.regenerated, key],
  };
}

/** The next run begins at once or, while no other is alive, also after each span that matters. */
async function startsOfNextRun(state: State, scenario: Scenario, add: Add): Promise<void> {
  const index = state.slots.findIndex(({ node }) => node === undefined);
  const slot = state.slots[index];
  const turn = turnOf(state, index);
  if (slot === undefined || turn === undefined) return;
  const quiet = isQuiet(state);
  const gaps = quiet && index > 0 ? gapsFrom(state.world) : [{ token: "", now: state.world.now }];
  for (const { token, now } of gaps) {
    const moved = { ...state.world, now };
    const world = knowsNothingOfOthers(state, slot, now) ? excuse(moved, UNLOCKED) : moved;
    const node: Node = await begin({
      request: slot.request,
      app: slot.app,
      slot: index,
      now,
      skew: scenario.skew,
    });
    const alone = !state.slots.some(isAlive);
    const others = alone ? state.slots : state.slots.map((other) => ({ ...other, alone: false }));
    const slots = others.with(index, { ...slot, node, alone });
    add(`start${index + 1}${token}`, { ...turn, world, slots });
  }
}

/** Whether a run of another app is at work, or is dead and would still be protected by its lease. */
function knowsNothingOfOthers({ slots, world }: State, slot: Slot, now: number): boolean {
  const other = slot.app === "a" ? "b" : "a";
  const held = world.leases[other];
  return (
    slots.some(({ app, node, over }) => app === other && node !== undefined && !over) ||
    (held !== undefined && held.until > now)
  );
}

function gapsFrom(world: World): { token: string; now: number }[] {
  const ends = Object.values(world.superseded).map((at) => at + OVERLAP);
  const times: [string, number][] = [
    ["", world.now],
    ["+61s", world.now + LEASE + SECOND],
    ...ends.flatMap((end): [string, number][] => [
      ["+overlap-1ms", end - 1],
      ["+overlap", end + 2 * SECOND],
    ]),
    ["+rotateEvery", world.now + ROTATE_EVERY + 2 * SECOND],
  ];
  return times.flatMap(([token, now]) => (now >= world.now ? [{ token, now }] : []));
}
