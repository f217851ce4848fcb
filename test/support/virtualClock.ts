import type { Clock } from "../../src/clock.ts";

/** A clock that only sleeping and `advance` move, so that no test waits. */
export class VirtualClock implements Clock {
  #wall: number;
  #monotonic = 0;

  constructor(start: string) {
    this.#wall = Date.parse(start);
  }

  wall(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  async sleep(ms: number): Promise<void> {
    this.advance(ms);
  }

  advance(ms: number): void {
    this.#wall += ms;
    this.#monotonic += ms;
  }

  /** Sets the wall clock alone, as an operator or a time server would. */
  jump(ms: number): void {
    this.#wall += ms;
  }
}
