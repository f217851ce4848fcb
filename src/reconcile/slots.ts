/** Limits how many runtimes one process works on at once. */
import { LOOK_EVERY_MS } from "../timeLimits.ts";
import type { Deadline } from "./deadline.ts";

/** On whose behalf a runtime is worked on: the timer's, a caller's, or that of somebody who declares a compromise. */
export type Lane = "timer" | "call" | "compromised";

/** Compromises first; the timer can wait. */
export const LANES: readonly Lane[] = ["compromised", "call", "timer"];

interface Waiter {
  readonly until: Deadline;
  readonly go: (hasSlot: boolean) => void;
}

interface LaneQueue {
  /** By group, in the order in which they came. */
  readonly waiting: Map<string, Waiter[]>;
  inUse: number;
}

/**
 * Neither the timer nor calls can take every slot, so neither waits for the other. Among groups that wait, such as the
 * runtimes of different vaults, the one with the fewest slots goes first, so that a slow service delays only its own.
 */
export class Slots {
  readonly count: number;
  readonly #most: number;
  readonly #mostOfLane: Readonly<Record<Lane, number>>;
  readonly #lanes: Readonly<Record<Lane, LaneQueue>> = {
    compromised: { waiting: new Map(), inUse: 0 },
    call: { waiting: new Map(), inUse: 0 },
    timer: { waiting: new Map(), inUse: 0 },
  };
  readonly #inUseBy = new Map<string, number>();
  #isTimerSet = false;

  /** @param count with 1, the timer and calls get one slot each */
  constructor(count: number) {
    this.count = count;
    const spared = Math.max(1, count - Math.ceil(count / 4));
    this.#most = Math.max(2, count);
    this.#mostOfLane = { compromised: this.#most, call: spared, timer: spared };
  }

  /** Waits for a slot; false if there is none before `until` passes. */
  async acquire(lane: Lane, group: string, until: Deadline): Promise<boolean> {
    if (until.left() <= 0) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const { waiting } = this.#lanes[lane];
    const waiter = { until, go: resolve };
    const queue = waiting.get(group);
    if (queue === undefined) waiting.set(group, [waiter]);
    else queue.push(waiter);
    this.#admit();
    this.#lookLater();
    return await promise;
  }

  release(lane: Lane, group: string): void {
    this.#count(lane, group, -1);
    this.#admit();
  }

  #admit(): void {
    while (this.#total < this.#most) {
      const lane = LANES.find(
        (name) => this.#lanes[name].waiting.size > 0 && this.#lanes[name].inUse < this.#mostOfLane[name],
      );
      if (lane === undefined) return;
      const { waiting } = this.#lanes[lane];
      const group = this.#leastServed(waiting.keys());
      const queue = waiting.get(group) ?? [];
      const waiter = queue.shift();
      if (queue.length === 0) waiting.delete(group);
      this.#count(lane, group, 1);
      waiter?.go(true);
    }
  }

  /** Needs its own timer: slots can be held for longer than a call may take. */
  #lookLater(): void {
    if (this.#isTimerSet || LANES.every((lane) => this.#lanes[lane].waiting.size === 0)) return;
    this.#isTimerSet = true;
    setTimeout(() => {
      this.#isTimerSet = false;
      this.#dismissLate();
      this.#lookLater();
    }, LOOK_EVERY_MS).unref();
  }

  #dismissLate(): void {
    for (const { waiting } of Object.values(this.#lanes)) {
      for (const [group, queue] of waiting) {
        const late = new Set(queue.filter(({ until }) => until.left() <= 0));
        const inTime = queue.filter((waiter) => !late.has(waiter));
        if (inTime.length === 0) waiting.delete(group);
        else waiting.set(group, inTime);
        for (const { go } of late) go(false);
      }
    }
  }

  #leastServed(groups: Iterable<string>): string {
    const served = (group: string) => this.#inUseBy.get(group) ?? 0;
    return [...groups].reduce((least, group) => (served(group) < served(least) ? group : least));
  }

  #count(lane: Lane, group: string, change: 1 | -1): void {
    this.#lanes[lane].inUse += change;
    this.#inUseBy.set(group, (this.#inUseBy.get(group) ?? 0) + change);
  }

  get #total(): number {
    return LANES.reduce((sum, lane) => sum + this.#lanes[lane].inUse, 0);
  }
}
