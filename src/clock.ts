/** The two clocks that a run uses, behind an interface so that tests can supply their own. All values are in milliseconds. */
import { setTimeout as delay } from "node:timers/promises";

export interface Clock {
  /** Since the epoch; can jump when the machine's clock is set. */
  wall(): number;
  /** Since some start; never jumps, but may stand still while a machine is suspended. */
  monotonic(): number;
  sleep(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms) => {
    await delay(ms);
  },
};

/** Measures by both clocks and takes the larger figure, so that neither a jump nor a suspension hides any time. */
export class Stopwatch {
  readonly #clock: Clock;
  readonly #wall: number;
  readonly #monotonic: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wall = clock.wall();
    this.#monotonic = clock.monotonic();
  }

  elapsed(): number {
    return Math.max(this.#clock.wall() - this.#wall, this.#clock.monotonic() - this.#monotonic);
  }
}
