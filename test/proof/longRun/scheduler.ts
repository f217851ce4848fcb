import TinyQueue from "tinyqueue";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

type Event = Readonly<{ at: number; order: number; act: () => unknown; resumes: boolean }>;

/** Virtual time: what is planned happens one by one, the earliest first, and nothing waits. */
export class Scheduler {
  /** Milliseconds since the epoch. */
  now: number;
  /** Events of the same instant stay in the order in which they were planned. */
  readonly #events = new TinyQueue<Event>([], (one, other) => one.at - other.at || one.order - other.order);
  #planned = 0;
  /** Nothing more happens. */
  isOver = false;

  constructor(start: number) {
    this.now = start;
  }

  /** @param resumes whether it lets production code go on, which then runs until it waits again */
  at(at: number, act: () => unknown, resumes = false): void {
    this.#planned += 1;
    this.#events.push({ at: Math.max(at, this.now), order: this.#planned, act, resumes });
  }

  in(ms: number, act: () => unknown, resumes = false): void {
    this.at(this.now + ms, act, resumes);
  }

  async runUntil(end: number): Promise<void> {
    await resumed();
    for (let next = this.#events.peek(); next && next.at <= end; next = this.#events.peek()) {
      if (this.isOver) return;
      this.#events.pop();
      this.now = next.at;
      next.act();
      if (next.resumes) await resumed();
    }
    this.now = end;
  }
}

/** Until every promise that can go on has done so: Node serves them all before its next tick. */
function resumed(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
