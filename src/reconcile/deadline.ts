/** How much time is left, so that no call is given more. */
import { type Clock, Stopwatch } from "../clock.ts";
import { OutOfTimeError } from "../errors.ts";
import type { CallLimit } from "../services.ts";
import { WRITE_NEEDS_MS } from "../timeLimits.ts";

/** The time for a piece of work, such as one runtime, a lease or a whole run. */
export class Deadline {
  readonly #clock: Clock;
  readonly #outer: Deadline | undefined;
  #stopwatch: Stopwatch;
  #budgetMs: number;

  /** @param outer a deadline that this one never outlasts, however often it is restarted */
  constructor(clock: Clock, budgetMs: number, outer?: Deadline) {
    this.#clock = clock;
    this.#outer = outer;
    this.#stopwatch = new Stopwatch(clock);
    this.#budgetMs = budgetMs;
  }

  left(): number {
    const own = this.#budgetMs - this.#stopwatch.elapsed();
    return Math.max(0, Math.min(own, this.#outer?.left() ?? own));
  }

  /** Starts the count anew, for example when a lease is requested or renewed. */
  restart(budgetMs: number): void {
    this.#stopwatch = new Stopwatch(this.#clock);
    this.#budgetMs = budgetMs;
  }

  forRead(): CallLimit {
    return { timeoutMs: this.#require(1) };
  }

  forWrite(needsMs = WRITE_NEEDS_MS): CallLimit {
    return { timeoutMs: this.#require(needsMs), attemptNeedsMs: needsMs };
  }

  #require(ms: number): number {
    const left = this.left();
    if (left < ms) {
      const seconds = Math.floor(left / 1000);
      throw new OutOfTimeError(`only ${seconds} s are left for this runtime, too little for the next step`);
    }
    return Math.ceil(left);
  }
}
