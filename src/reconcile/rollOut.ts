/** Gives the runtimes that are due their turn, so that one is rotated before many are. */
import type { LimitFunction } from "p-limit";
import type { ObservedSecret } from "../plan/observation.ts";
import { CLASSES, MAY, placesIn, type Turn } from "../plan/rollout.ts";
import { dueAt } from "../plan/schedule.ts";
import type { RuntimeOutcome } from "./outcome.ts";
import { act, preview } from "./reconcileRuntime.ts";
import { outcomeOf, type RuntimeWork } from "./runtimeWork.ts";
import { isUnread, nextClass, standingIn } from "./standings.ts";

/**
 * Gives the places of each class, longest overdue first. A runtime that turns out not to be rotated leaves its place to
 * the next; those without a place are only looked at.
 */
export async function rollOut(
  works: readonly RuntimeWork[],
  waiting: readonly RuntimeWork[],
  isComplete: boolean,
  limit: LimitFunction,
  tell: (outcome: RuntimeOutcome) => void,
): Promise<void> {
  const wait = new Set(waiting);
  const standings = works.flatMap((work) => {
    const standing = standingIn(work);
    return standing ? { ...standing, isUnread: isUnread(work, wait.has(work)) } : [];
  });
  const take = async (work: RuntimeWork, turn: Turn) => {
    const outcome = await limit(() => outcomeOf(work, () => rotateOrWait(work, turn)));
    if (outcome) tell(outcome);
    return outcome?.outcome === "rotated" || standingIn(work)?.state === "undecided";
  };
  await Promise.all(
    CLASSES.map(async (rotationClass) => {
      const queue = waiting
        .filter((work) => nextClass(readingOf(work)) === rotationClass)
        .toSorted((a, b) => dueSince(a) - dueSince(b));
      const { free, waiting: turn } = placesIn(rotationClass, standings, isComplete);
      await Promise.all(
        Array.from({ length: Math.min(free, queue.length) }, async () => {
          for (let next = queue.shift(); next; next = queue.shift()) if (await take(next, MAY)) return;
        }),
      );
      await Promise.all(queue.map((work) => take(work, turn)));
    }),
  );
}

/** A runtime that waits is looked at without the lease, and so is one in a dry run. */
async function rotateOrWait(work: RuntimeWork, turn: Turn) {
  if (turn.may && !work.task.dryRun) return await act(work, turn);
  return await preview(work, readingOf(work), turn);
}

function dueSince(work: RuntimeWork): number {
  const { secret } = readingOf(work);
  return secret.state === "readable" ? dueAt(secret, work.task.config) : Number.POSITIVE_INFINITY;
}

function readingOf({ progress }: RuntimeWork): ObservedSecret {
  if (progress.reading === undefined) throw new Error("a runtime that waits for its turn was looked at");
  return progress.reading;
}
