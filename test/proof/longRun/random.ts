import { mersenne } from "pure-rand/generator/mersenne";

/** Choices at random: the same seed and stream make the same ones, always. */
export class Random {
  readonly #generator;

  /** @param stream tells apart sequences of one seed that must not depend on each other */
  constructor(seed: number, stream: number) {
    this.#generator = mersenne(seed * 1000 + stream);
  }

  /** From 0 up to, but not including, 1. */
  next(): number {
    return (this.#generator.next() >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  /** A whole number below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** One of them, as often as its weight says, a whole number. */
  weighted<T>(list: readonly T[], weightOf: (one: T) => number): T {
    return this.pick(list.flatMap((one) => Array<T>(weightOf(one)).fill(one)));
  }

  /** Time until the next of events that come at random, `mean` apart on average. */
  waiting(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }
}
