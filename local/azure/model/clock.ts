/** The services' time. Plain data, so that a state can be copied with the moment it belongs to. */
export interface ClockState {
  /** Milliseconds since 1970 at which a stopped clock stands; `undefined` while it runs with real time. */
  stoppedAt: number | undefined;
  /** Milliseconds that a running clock is ahead of real time. */
  offset: number;
}

/**
 * The clock that the local Azure lives by: `Date` headers, creation times, ages of keys and the refill of
 * its budgets. Tokens are the exception: an SDK caches them by the clock of its own process.
 */
export class Clock {
  state: ClockState = { stoppedAt: undefined, offset: 0 };

  /** Milliseconds since 1970. */
  now(): number {
    return this.state.stoppedAt ?? Date.now() + this.state.offset;
  }

  /** Moves the time by this many milliseconds, backwards when negative. */
  advance(milliseconds: number): void {
    if (this.state.stoppedAt === undefined) this.state.offset += milliseconds;
    else this.state.stoppedAt += milliseconds;
  }

  /** Stops the clock, so that only {@link advance} moves it. */
  stop(at: number = this.now()): void {
    this.state = { stoppedAt: at, offset: 0 };
  }

  /** Lets the time run on, from where it stands. */
  resume(): void {
    this.state = { stoppedAt: undefined, offset: this.now() - Date.now() };
  }

  /** Back to real time. */
  reset(): void {
    this.state = { stoppedAt: undefined, offset: 0 };
  }
}
