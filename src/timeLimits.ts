/**
 * How long things may take, in milliseconds. docs/how-it-works.md shows how these figures depend on each other. Spans that
 * decide about rotations, such as how long nodes are watched, are in plan/.
 */

/** The longest lease that is not endless. */
export const LEASE_MS = 60_000;

/** One attempt of any call but a regenerate: SDKs wait for ever on a connection that hangs (docs/azure.md). */
export const ATTEMPT_MS = 10_000;

/** One request to the storage account, together with its retry: its SDK has no limit of an attempt. */
export const STORAGE_REQUEST_MS = ATTEMPT_MS;

/** One token, however little time is left for the call that needs it, because calls share tokens. */
export const TOKEN_MS = 10_000;

/** How long an unused connection through a proxy is kept, the same as by Node's own agents. */
export const AGENT_IDLE_MS = 5000;

/** All work on one runtime, from just before its lease is requested. Ends before the lease does. */
export const RUNTIME_MS = LEASE_MS - 5000;

/** The same, counted from just before the renewal that precedes a regenerate. */
export const AFTER_RENEWAL_MS = LEASE_MS - 10_000;

/** What is needed to regenerate a key, publish it and verify that. No regenerate starts with less time left. */
export const REGENERATE_NEEDS_MS = 35_000;

/** The single attempt of a regenerate. */
export const REGENERATE_MS = 15_000;

/** One attempt of a write: none starts with less time left. */
export const WRITE_NEEDS_MS = ATTEMPT_MS;

/** For releasing a lease, even when the runtime's own time is used up. */
export const RELEASE_MS = 5000;

/** How long to wait before reading again what was just published: neither service promises that a read sees the latest write. */
export const SECOND_LOOK_AFTER_MS = 2000;

/** How long a compromise call waits for another run to end: a lease that nobody renews is over by then. */
export const COMPROMISE_WAITS_MS = LEASE_MS + 5000;
export const COMPROMISE_ASKS_EVERY_MS = 3000;

/** How long a call that names runtimes waits to learn about a brake. It reports the brake but is not held back by it. */
export const BRAKES_MS = 10_000;

/** How often what waits for its turn looks whether its time is over, at least. */
export const LOOK_EVERY_MS = 1000;

/** How long nothing is sent to a service that refused a request because there were too many, and does not say for how long. */
export const PAUSE_MS = 1000;

/** The longest such pause to accept, so that one absurd answer cannot stop a subscription for good. */
export const LONGEST_PAUSE_MS = 3_600_000;

/** When a deferred call is worth repeating: a lease that nobody renews is over by then. */
export const REPEAT_AFTER_MS = LEASE_MS;

/** For all lists of a run. A scope that is not listed by then has failed. */
export const DISCOVERY_MS = 60_000;

/**
 * `lookWithinMs`: no runtime is looked at for the first time later, so that a slow service does not use up the time for
 * rotations. `startWithinMs`: no work starts later. `endWithinMs`: all work ends by then, before the platform cuts off an
 * HTTP answer (230 s) or a timer run (30 min).
 */
export const RUN_MS = {
  http: { lookWithinMs: 75_000, startWithinMs: 95_000, endWithinMs: 200_000 },
  timer: { lookWithinMs: 20 * 60_000, startWithinMs: 25 * 60_000, endWithinMs: 28 * 60_000 },
  /** Only reads, so nothing that was started needs time to finish. */
  status: { lookWithinMs: 200_000, startWithinMs: 200_000, endWithinMs: 200_000 },
} as const;
