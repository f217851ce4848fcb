import { does } from "./acts.ts";
import { rates } from "./triggers.ts";
import type { Runtime, World } from "./world.ts";

const DAY = 86_400_000;
const MINUTE = 60_000;

/** Some time in the first year. */
export function planComing({ scheduler, random }: World, come: () => void): void {
  scheduler.in(random.between(0, 365 * DAY), come);
}

/** Somebody deletes the runtime, and makes it again: while runs are at work on it, or days later. */
export function planGoing(world: World, record: Runtime): void {
  const { scheduler, random } = world;
  scheduler.in(random.waiting(rates.goneEvery), () => {
    if (world.calm) return;
    does(world, record, "deletes the runtime", (hand) => hand.deleteRuntime());
    const goneFor = random.chance(0.2) ? random.between(0, 5 * MINUTE) : random.waiting(rates.goneFor);
    scheduler.in(goneFor, () => {
      if (world.calm) return;
      does(world, record, "makes the runtime again", (hand) => hand.makeRuntimeAgain());
      planGoing(world, record);
    });
  });
}
