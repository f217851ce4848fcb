import { setTimeout as delay } from "node:timers/promises";

/** What is waited for is on this machine and takes milliseconds; what takes this long never comes. */
const LONGEST_MS = 30_000;

/** Waits until something holds. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const started = performance.now();
  while (!holds()) {
    if (performance.now() - started > LONGEST_MS) throw new Error(`waited in vain: ${what}`);
    await delay(1);
  }
}
