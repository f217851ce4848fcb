/** About two minutes. */
export const FULL = { rounds: 400, withinMs: 110_000 };

/** For every run of the tests: a few seconds. */
export const SMALL = { rounds: 12, withinMs: 6000 };
