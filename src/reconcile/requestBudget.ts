import type { Clock } from "../clock.ts";
import type { RequestAnswer } from "../services.ts";
import type { Deadline } from "./deadline.ts";
import type { Lane } from "./slots.ts";

/** What goes first among those of a lane: what was begun or is broken, then rotations, then looks. */
export type Urgency = 0 | 1 | 2;

/** A service's token bucket: so many requests at once, then so many a second. */
export interface RequestLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** Left unspent, because a service counts a request when it arrives, which is later than it goes out. */
const MARGIN = 10;

/** Not set aside by the timer alone, nor by calls, so that the next of the others waits for none of theirs to end. */
const SPARED = 12;

/** Where a service refuses a request and does not say until when. */
const PAUSE_MS = 1000;

/** However long a service says: one answer that makes no sense does not stop a subscription for good. */
const LONGEST_PAUSE_MS = 3_600_000;

/** Who waits looks at least this often whether its time is over. */
const LOOK_EVERY_MS = 1000;

const CALLS_FIRST: readonly Lane[] = ["compromised", "call", "timer"];
const TIMER_FIRST: readonly Lane[] = ["compromised", "timer", "call"];

interface Waiter {
  readonly amount: number;
  readonly until: Deadline;
  readonly go: (reserved: number) => void;
}

/**
 * The requests that one subscription still answers, kept by the app itself so that it is not refused. Work begins when
 * what it can need is reserved, and gives back what it did not. Of those that wait, a compromise goes first; calls and
 * the timer take turns, so that neither waits behind all of the other. Until the first answer is there, one at a time of
 * each lane: another process, or somebody else, may have spent all of it.
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
  /** Those that have asked while nothing was known. */
  readonly #firstOf = new Set<Lane>();
  #isTimerSet = false;
  /** How much more calls were given than the timer, while both waited. */
  #lead = 0;

  constructor(clock: Clock, { burst, perSecond }: RequestLimit) {
    this.#clock = clock;
    this.#limit = { burst: burst - MARGIN, perSecond };
    this.#level = this.#limit.burst;
    this.#filledAt = clock.monotonic();
  }

  /** Waits until so much can be spent, and sets it aside; where `until` is over before, nothing is. */
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

  /** Others may spend the same budget: what the service says of it counts. */
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

  /** In how many milliseconds so much could be spent if nobody else came, or all that can be at once. */
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
    const lanes = this.#lead > 0 ? TIMER_FIRST : CALLS_FIRST;
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
