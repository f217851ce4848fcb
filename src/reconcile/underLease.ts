/** Holds a runtime's lease while something is done. */
import { LockedError, OutOfTimeError, ServiceError } from "../errors.ts";
import type { Lease } from "../services.ts";
import { COMPROMISE_ASKS_EVERY_MS, COMPROMISE_WAITS_MS, RELEASE_MS, RUNTIME_MS } from "../timeLimits.ts";
import { Deadline } from "./deadline.ts";
import { type RuntimeWork, requireStart } from "./runtimeWork.ts";

/**
 * Acts while no other run works on the same runtime. A compromise waits for another run to end.
 * @throws {LockedError} if another run holds the lease, in a compromise until the time to wait is over
 */
export async function underLease<T>(work: RuntimeWork, act: (lease: Lease) => Promise<T>): Promise<T> {
  const lease = await takeLease(work);
  const { clock, deadline } = work.observer;
  try {
    return await act(lease);
  } finally {
    if (!work.progress.leaseMustRunOut) {
      await release(lease, new Deadline(clock, Math.max(deadline.left(), RELEASE_MS)));
    }
  }
}

async function takeLease({ request, observer, services }: RuntimeWork): Promise<Lease> {
  const { config, clock, deadline } = observer;
  const waiting = new Deadline(
    clock,
    request.kind === "compromised" ? COMPROMISE_WAITS_MS : 0,
    request.start,
  );
  for (;;) {
    requireStart(request.start);
    deadline.restart(RUNTIME_MS);
    const lease = await services.locks.acquire(config.id, deadline.forRead());
    if (lease) return lease;
    if (waiting.left() < COMPROMISE_ASKS_EVERY_MS) {
      throw new LockedError("another run works on this runtime");
    }
    await clock.sleep(COMPROMISE_ASKS_EVERY_MS);
  }
}

/** A lease that cannot be released runs out by itself, so that is not a failure of the run. */
async function release(lease: Lease, deadline: Deadline): Promise<void> {
  try {
    await lease.release(deadline.forRead());
  } catch (error) {
    if (!(error instanceof ServiceError || error instanceof OutOfTimeError)) throw error;
  }
}
