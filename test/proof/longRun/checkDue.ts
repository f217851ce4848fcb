import { blockOf } from "../shared/sides.ts";
import { hasTooManyTags } from "./checkOutcome.ts";
import { count, fail, type World } from "./world.ts";

const DAY = 86_400_000;
const STARVES_AFTER_MS = 3 * DAY;

/** Promise 5, and the order of a tick: a runtime that is due is rotated within days, once nothing is wrong with it. */
export function checkDue(world: World): void {
  const { scheduler, outage, throttledAt } = world;
  const { now } = scheduler;
  for (const record of world.records) {
    if (blockOf(record) !== undefined || hasTooManyTags(record)) record.wrongAt = now;
    if (!record.isDue(now)) continue;
    count(world, "due at a tick");
    const { id, rotateEvery } = record.config;
    const dueAt = record.latest!.created * 1000 + rotateEvery.ms;
    const throttled = throttledAt.get(id.subscriptionId) ?? 0;
    const wellSince = Math.max(dueAt, record.wrongAt, throttled, Math.min(now, outage?.until ?? 0));
    if (now - wellSince < STARVES_AFTER_MS) continue;
    const days = ((now - dueAt) / DAY).toFixed(1);
    fail(world, record, `promise 5: due for ${days} days and not rotated, and nothing was wrong`);
  }
}
