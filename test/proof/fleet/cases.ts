/** The fleets, and what is promised of each. */
import type { NodeWorld } from "../../../local/azure/model/node.ts";
import type { Figures } from "./figures.ts";
import type { Habits } from "./life.ts";

export interface Case {
  readonly name: string;
  readonly world: Partial<NodeWorld>;
  readonly habits: Habits;
  /** Where it begins with secrets of a version before notes, which rotated each once. */
  readonly isUpgraded?: boolean;
  /** When as many runtimes are added as there are. */
  readonly joinOnDay?: number;
  /** The app may not read nodes until then. */
  readonly refusedUntilDay?: number;
  /** What each figure is at most; undefined where the case only shows how far the rule goes. */
  readonly goals: Goals | undefined;
}

export type Goals = Partial<Figures>;

const hours = (count: number): Case["world"] => ({ keyUse: "always", lossAfterMs: count * 3_600_000 });
const AT_ONCE = hours(0);
/** A key is shown at a restart only, so that is when its death shows. */
const AT_RESTART: Case["world"] = { keyUse: "registration" };

const none: Habits = { script: () => false };
const all: Habits = { script: () => true };
const half: Habits = { script: (_, chance) => chance < 0.5 };
/** The runtimes that were there before others joined. */
const old: Habits = { script: (name) => name.startsWith("ir-") };
const firstHalf: Habits = { script: (name) => name <= "ir-150" };

const SAFE: Goals = { falseWarnings: 0, idleArmWrites: 1, idleVaultCalls: 1 };
const WITHIN_A_DAY: Goals = { ...SAFE, lostInAPeriod: 4 };
const WITHIN_A_WEEK: Goals = { ...SAFE, lostInAPeriod: 16 };
const NO_LOSS: Goals = { ...SAFE, lost: 0, overdueDays: 7 };
const NO_LOSS_LATE: Goals = { ...SAFE, lost: 0 };
const ONE_BY_ONE: Goals = { ...SAFE, lostAtOnce: 1 };
const FEW_AT_ONCE: Goals = { ...SAFE, lostAtOnce: 4 };

function fleet(
  name: string,
  world: Case["world"],
  habits: Habits,
  goals: Case["goals"],
  more: Partial<Case> = {},
): Case {
  return { name, world, habits, goals, ...more };
}

export const cases: readonly Case[] = [
  fleet("no script, loss shows at once", AT_ONCE, none, WITHIN_A_DAY),
  fleet("no script, after 20 h", hours(20), none, WITHIN_A_DAY),
  fleet("no script, after 30 h", hours(30), none, WITHIN_A_DAY),
  fleet("no script, after 48 h", hours(48), none, WITHIN_A_DAY),
  fleet("no script, at a restart, one a day", AT_RESTART, { ...none, restartEveryDays: 1 }, WITHIN_A_DAY),
  fleet("no script, at a restart, one a week", AT_RESTART, { ...none, restartEveryDays: 7 }, WITHIN_A_WEEK),
  fleet("no script, at once, repaired next day", AT_ONCE, { ...none, repaired: true }, ONE_BY_ONE),
  fleet("no script, after 30 h, repaired next day", hours(30), { ...none, repaired: true }, FEW_AT_ONCE),
  fleet("script, loss would show at once", AT_ONCE, all, NO_LOSS),
  fleet("script, after 30 h", hours(30), all, NO_LOSS),
  fleet("script, at a restart, one a week", AT_RESTART, { ...all, restartEveryDays: 7 }, NO_LOSS),
  fleet("script on any half, at once", AT_ONCE, half, SAFE),
  fleet("script on any half, after 30 h", hours(30), half, SAFE),
  fleet("script on any half, at a restart, one a week", AT_RESTART, { ...half, restartEveryDays: 7 }, SAFE),
  fleet("others join without on day 100, at once", AT_ONCE, old, WITHIN_A_DAY, { joinOnDay: 100 }),
  fleet("others join without on day 100, after 30 h", hours(30), old, WITHIN_A_DAY, { joinOnDay: 100 }),
  fleet("upgrade without script, at once", AT_ONCE, none, WITHIN_A_DAY, { isUpgraded: true }),
  fleet("upgrade without script, after 30 h", hours(30), none, WITHIN_A_DAY, { isUpgraded: true }),
  fleet("upgrade with script", AT_ONCE, all, NO_LOSS, { isUpgraded: true }),
  fleet("getStatus refused", AT_ONCE, none, NO_LOSS_LATE, { refusedUntilDay: 1000 }),
  fleet("getStatus refused up to day 40, script", AT_ONCE, all, NO_LOSS_LATE, { refusedUntilDay: 40 }),
  fleet("a tenth off at every tick, script", AT_ONCE, { ...all, offAtTick: 0.1 }, NO_LOSS),
  fleet("10 % off each weekend, script", AT_ONCE, { ...all, offAtWeekends: 0.1 }, NO_LOSS),
  fleet("10 % off each weekend, no script", AT_ONCE, { ...none, offAtWeekends: 0.1 }, WITHIN_A_DAY),
  fleet("half autoscaled, script", AT_ONCE, { ...all, autoscaled: 0.5 }, NO_LOSS),
  fleet("a tenth replaced daily, script", AT_ONCE, { ...all, replaced: 0.1 }, NO_LOSS),
  // How far the rule goes: what it does not hold back, or holds back for too long.
  fleet("no script, after 49 h", hours(49), none, undefined),
  fleet("script on the first half of the list", AT_ONCE, firstHalf, undefined),
  fleet("others join without on day 10, at once", AT_ONCE, old, undefined, { joinOnDay: 10 }),
  fleet("a given key registers anew, script", { ...AT_ONCE, givenKeyRegisters: true }, all, undefined),
  fleet("all off at every tick, script", AT_ONCE, { ...all, offAtTick: 1 }, undefined),
  fleet("all replaced daily, script", AT_ONCE, { ...all, replaced: 1 }, undefined),
];

/** The goals that a case misses, in words. */
export function missed({ name, goals = {} }: Case, figures: Figures): string[] {
  const misses = (Object.keys(goals) as (keyof Figures)[])
    .filter((figure) => figures[figure] > goals[figure]!)
    .map((figure) => `${name}: ${figure} is ${figures[figure]}, and at most ${goals[figure]} is promised`);
  // Who loses none where some must be lost was not put to the test.
  const isVain = goals.lostInAPeriod !== undefined && figures.lost === 0;
  return isVain ? [...misses, `${name}: no loss shows`] : misses;
}
