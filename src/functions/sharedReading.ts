import { type Clock, Stopwatch } from "../clock.ts";

/** What was read, and how long ago its reading began, in milliseconds. */
export interface Reading<T> {
  readonly value: T;
  readonly ageMs: number;
}

/**
 * Reads at most once at a time, and for so many milliseconds after a reading began answers with that one. A reading that
 * failed is not kept.
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
