/** How long things may take, in milliseconds. docs/how-it-works.md shows how these figures depend on each other. */

/** All work on a runtime, counted from just before its lease is asked for: it ends before the lease does, after 60 s. */
export const RUNTIME_MS = 55_000;

/** The same, counted from just before the renewal that precedes a regenerate. */
export const AFTER_RENEWAL_MS = 50_000;

/** What it may take to regenerate a key, publish it and verify that: no regenerate starts with less time left. */
export const REGENERATE_NEEDS_MS = 35_000;

/** The single attempt of a regenerate. */
export const REGENERATE_MS = 15_000;

/** One attempt of a write: none starts with less time left. */
export const WRITE_NEEDS_MS = 10_000;

/** Releasing a lease, even where nothing is left of the time for the runtime. */
export const RELEASE_MS = 5000;

/** When to look again at what was just published: neither service promises to show its own writes at once. */
export const SECOND_LOOK_AFTER_MS = 2000;

/** How long a compromise call waits for another run to end: a lease that nobody renews is over by then. */
export const COMPROMISE_WAITS_MS = 65_000;
export const COMPROMISE_ASKS_EVERY_MS = 3000;

/** How long a call that names runtimes waits at most to learn of a brake, which it does not wait for. */
export const BRAKES_MS = 10_000;

/** How often what waits for its turn looks whether its time is over, at least. */
export const LOOK_EVERY_MS = 1000;

/** How long nothing is sent to a service that refused a request because there were too many, and does not say for how long. */
export const PAUSE_MS = 1000;

/** The longest such pause to accept, so that one absurd answer cannot stop a subscription for good. */
export const LONGEST_PAUSE_MS = 3_600_000;

/** When a deferred call is worth repeating: a lease that nobody renews is over by then. */
export const REPEAT_AFTER_MS = 60_000;

/** All listings of a run: what is not found by then is a scope that failed. */
export const DISCOVERY_MS = 60_000;

/**
 * No runtime is looked at for the first time after the first, so that a service that answers slowly does not take the time
 * of rotations; none begins after the second; all that began is over by the third, before the platform cuts an HTTP
 * answer (230 s) or a timer (30 min).
 */
export const RUN_MS = {
  http: { lookWithinMs: 75_000, startWithinMs: 95_000, endWithinMs: 200_000 },
  timer: { lookWithinMs: 20 * 60_000, startWithinMs: 25 * 60_000, endWithinMs: 28 * 60_000 },
  /** Reading only, so that nothing that was begun has to be finished. */
  status: { lookWithinMs: 200_000, startWithinMs: 200_000, endWithinMs: 200_000 },
} as const;
