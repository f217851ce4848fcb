interface Event {
  readonly at: number;
  /** Keeps events of the same instant in the order in which they were planned. */
  readonly order: number;
  readonly act: () => void;
  readonly resumes: boolean;
}

/** Virtual time: what is planned happens one by one, the earliest first, and nothing waits. */
export class Scheduler {
  /** Milliseconds since the epoch. */
  now: number;
  /** A binary heap, the earliest in front. */
  readonly #heap: Event[] = [];
  #planned = 0;
  #stopped = false;

  constructor(start: number) {
    this.now = start;
  }

  /** @param resumes whether it lets production code go on, which then runs until it waits again */
  at(at: number, act: () => void, resumes = false): void {
    this.#planned += 1;
    const heap = this.#heap;
    let index = heap.push({ at: Math.max(at, this.now), order: this.#planned, act, resumes }) - 1;
    while (index > 0 && this.#swapped((index - 1) >> 1, index)) index = (index - 1) >> 1;
  }

  in(ms: number, act: () => void, resumes = false): void {
    this.at(this.now + ms, act, resumes);
  }

  /** Nothing more happens. */
  stop(): void {
    this.#stopped = true;
  }

  async runUntil(end: number): Promise<void> {
    while (!this.#stopped && this.#heap[0] !== undefined && this.#heap[0].at <= end) {
      const { at, act, resumes } = this.#take();
      this.now = at;
      act();
      // Every promise that can go on does so before the next event.
      if (resumes) await new Promise<void>((resolve) => process.nextTick(resolve));
    }
    if (!this.#stopped) this.now = end;
  }

  #take(): Event {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    heap[0] = last;
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left;
      if (child >= heap.length || !this.#swapped(index, child)) return first;
      index = child;
    }
  }

  /** Puts the child in front of its parent where it comes before it. */
  #swapped(parent: number, child: number): boolean {
    const heap = this.#heap;
    const [upper, lower] = [heap[parent]!, heap[child]!];
    if (!isBefore(lower, upper)) return false;
    [heap[parent], heap[child]] = [lower, upper];
    return true;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
