/** Shares one expensive reading among callers for a while. */
import { type Clock, Stopwatch } from "../clock.ts";

/** What was read, and how long ago the reading began, in milliseconds. */
export interface Reading<T> {
  readonly value: T;
  readonly ageMs: number;
}

/**
 * Reads once for all who ask meanwhile, and reuses a reading for `keptForMs` from when it began. Failures are not kept.
 * @param keptForMs in milliseconds
 */
export function sharedReading<T>(
  read: () => Promise<T>,
  clock: Clock,
  keptForMs: number,
): () => Promise<Reading<T>> {
  let latest: { readonly value: Promise<T>; readonly age: Stopwatch; isOver: boolean } | undefined;

  function begin() {
    const begun = { value: read(), age: new Stopwatch(clock), isOver: false };
    begun.value.then(
      () => {
        begun.isOver = true;
      },
      () => {
        if (latest === begun) latest = undefined;
      },
    );
    return begun;
  }

  return async () => {
    if (latest === undefined || (latest.isOver && latest.age.elapsed() > keptForMs)) latest = begin();
    const { value, age } = latest;
    return { value: await value, ageMs: age.elapsed() };
  };
}
