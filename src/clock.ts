import { setTimeout as delay } from "node:timers/promises";

/** Time as a run sees it; tests pass one that they move. All figures are milliseconds. */
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

/** Time since its creation: the larger of both clocks, so that neither a jump nor a suspension hides any. */
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
