/** Keeps the app within one subscription's rate limit. */
import type { Clock } from "../clock.ts";
import type { RequestAnswer, RequestLimit } from "../services.ts";
import { LONGEST_PAUSE_MS, LOOK_EVERY_MS, PAUSE_MS } from "../timeLimits.ts";
import type { Deadline } from "./deadline.ts";
import { LANES, type Lane } from "./slots.ts";

/** Order within a lane: 0 for repairs and unfinished work, 1 for rotations, 2 for looks. */
export type Urgency = 0 | 1 | 2;

/** Kept in reserve: Azure counts a request when it arrives, later than it was sent. */
const MARGIN = 10;

/** The timer alone, or calls alone, may not reserve this last part, so that the other can always start something. */
const SPARED = 12;

const TIMER_FIRST: readonly Lane[] = ["compromised", "timer", "call"];

interface Waiter {
  readonly amount: number;
  readonly until: Deadline;
  readonly go: (reserved: number) => void;
}

/**
 * Keeps count of the requests that one subscription will still answer, so that none is refused. Work starts once
 * everything it may need is reserved, and gives the reservation back at its end. A compromise goes first; calls and the
 * timer alternate, so that neither waits for all of the other's work. Until the first answer, each lane may start only
 * one step, because another process, or somebody else, may have spent the budget.
 */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #limit: RequestLimit;
  readonly #waiting: Readonly<Record<Lane, readonly [Waiter[], Waiter[], Waiter[]]>> = {
    compromised: [[], [], []],
    call: [[], [], []],
    timer: [[], [], []],
  };
  #level: number;
  #filledAt: number;
  readonly #reserved: Record<Lane, number> = { compromised: 0, call: 0, timer: 0 };
  #pausedUntil = 0;
  #isKnown = false;
  /** Lanes that have had their one step before the first answer. */
  readonly #firstOf = new Set<Lane>();
  #isTimerSet = false;
  /** How much more calls got than the timer while both waited. */
  #lead = 0;

  constructor(clock: Clock, { burst, perSecond }: RequestLimit) {
    this.#clock = clock;
    this.#limit = { burst: burst - MARGIN, perSecond };
    this.#level = this.#limit.burst;
    this.#filledAt = clock.monotonic();
  }

  /** Waits until `amount` can be reserved, and reserves it; returns 0 if `until` passes first. */
  async reserve(amount: number, lane: Lane, urgency: Urgency, until: Deadline): Promise<number> {
    if (until.left() <= 0) return 0;
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#waiting[lane][urgency].push({ amount, until, go: resolve });
    this.#grant();
    return await promise;
  }

  release(amount: number, lane: Lane): void {
    this.#reserved[lane] -= amount;
    this.#isKnown = true;
    this.#grant();
  }

  sent(): void {
    this.#refill();
    this.#level -= 1;
  }

  /** Others may spend the same budget, so the service's own count wins if it is lower. */
  answered({ remaining, throttled, retryAfterMs = PAUSE_MS }: RequestAnswer): void {
    this.#refill();
    this.#isKnown = true;
    if (remaining !== undefined) this.#level = Math.min(this.#level, remaining - MARGIN);
    if (throttled) {
      this.#level = Math.min(this.#level, 0);
      const pauseMs = Math.min(retryAfterMs, LONGEST_PAUSE_MS);
      this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.monotonic() + pauseMs);
    }
    this.#grant();
  }

  /** Milliseconds until `amount`, or a full budget if that is less, could be spent if nobody else asked. */
  readyInMs(amount: number): number {
    this.#refill();
    const pause = this.#pausedUntil - this.#clock.monotonic();
    const { compromised, call, timer } = this.#reserved;
    const missing = Math.min(amount, this.#limit.burst) - (this.#level - compromised - call - timer);
    return Math.ceil(Math.max(0, pause, (1000 * missing) / this.#limit.perSecond));
  }

  #grant(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      const { queue, waiter, lane } = next;
      const waitMs = this.readyInMs(waiter.amount);
      if (waitMs > 0) {
        void this.#grantIn(waitMs);
        return;
      }
      queue.shift();
      this.#firstOf.add(lane);
      this.#reserved[lane] += waiter.amount;
      if (lane !== "compromised") this.#lead += lane === "call" ? waiter.amount : -waiter.amount;
      waiter.go(waiter.amount);
    }
  }

  #next(): { queue: Waiter[]; waiter: Waiter; lane: Lane } | undefined {
    if (!this.#waits("call") || !this.#waits("timer")) this.#lead = 0;
    const lanes = this.#lead > 0 ? TIMER_FIRST : LANES;
    for (const lane of lanes) {
      if (!this.#isKnown && this.#firstOf.has(lane)) continue;
      for (const queue of this.#waiting[lane]) {
        const [waiter] = queue;
        if (waiter === undefined) continue;
        if (this.#leavesEnough(lane, waiter.amount)) return { queue, waiter, lane };
        break;
      }
    }
    return undefined;
  }

  #leavesEnough(lane: Lane, amount: number): boolean {
    return lane === "compromised" || this.#reserved[lane] + amount <= this.#limit.burst - SPARED;
  }

  #waits(lane: Lane): boolean {
    return this.#waiting[lane].some((queue) => queue.length > 0);
  }

  async #grantIn(ms: number): Promise<void> {
    if (this.#isTimerSet) return;
    this.#isTimerSet = true;
    await this.#clock.sleep(Math.min(ms, LOOK_EVERY_MS));
    this.#isTimerSet = false;
    this.#dismissLate();
    this.#grant();
  }

  #dismissLate(): void {
    for (const queue of Object.values(this.#waiting).flat()) {
      const late = queue.filter(({ until }) => until.left() <= 0);
      if (late.length === 0) continue;
      queue.splice(0, queue.length, ...queue.filter((waiter) => !late.includes(waiter)));
      for (const { go } of late) go(0);
    }
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    const filled = this.#level + ((now - this.#filledAt) * this.#limit.perSecond) / 1000;
    this.#level = Math.min(this.#limit.burst, filled);
    this.#filledAt = now;
  }
}
