import type { Clock } from "../../../src/clock.ts";
import { Pace } from "../../../src/reconcile/pace.ts";
import type { Run, World } from "./world.ts";

/** A process of the app: its clock is off by some minutes, and it paces all of its runs together for as long as it lives. */
export class Instance {
  readonly number: number;
  readonly runs = new Set<Run>();
  readonly clock: Clock;
  readonly pace: Pace;
  dead = false;
  /** When a call of it last went wrong, which may have held up its other runs. */
  troubledAt = 0;

  constructor({ scheduler, random, config }: Pick<World, "scheduler" | "random" | "config">, number: number) {
    this.number = number;
    const skew = random.between(-10, 10) * 60_000;
    this.clock = {
      wall: () => scheduler.now + skew,
      monotonic: () => scheduler.now,
      // What waits in a process that has died never goes on.
      sleep: (ms) => new Promise((resolve) => scheduler.in(ms, () => this.dead || resolve(), true)),
    };
    this.pace = new Pace(this.clock, config.concurrency);
  }
}
