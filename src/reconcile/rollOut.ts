/** Rotates the runtimes that are due, one before many. */
import { ALLOWED, CLASSES, nextClass, placesIn, type Standing, type Turn } from "../plan/rollout.ts";
import { dueAt } from "../plan/schedule.ts";
import { LOOK, ROTATION } from "./need.ts";
import type { RuntimeOutcome } from "./outcome.ts";
import { act, preview } from "./reconcileRuntime.ts";
import { outcomeOf, type RuntimeWork, readingOf } from "./runtimeWork.ts";
import { standingIn } from "./standings.ts";

/**
 * Gives the places of each class, longest overdue first. A runtime that turns out not to be rotated leaves its place to
 * the next; those without a place are only looked at.
 */
export async function rollOut(
  standings: readonly Standing[],
  waiting: readonly RuntimeWork[],
  isComplete: boolean,
  report: (outcome: RuntimeOutcome) => void,
): Promise<void> {
  const takeTurn = async (work: RuntimeWork, turn: Turn) => {
    const need = mayRotate(work, turn) ? ROTATION : LOOK;
    const outcome = await outcomeOf(work, need, () => rotateOrWait(work, turn));
    if (outcome) report(outcome);
    return outcome?.outcome === "rotated" || standingIn(work)?.state === "undecided";
  };
  const inTurn = waiting.toSorted((a, b) => dueSince(a) - dueSince(b));
  await Promise.all([
    ...inTurn.filter((work) => !takesPart(work)).map((work) => takeTurn(work, ALLOWED)),
    ...CLASSES.map(async (rotationClass) => {
      const queue = inTurn.filter((work) => takesPart(work) && nextClass(readingOf(work)) === rotationClass);
      const { free, waiting: turn } = placesIn(rotationClass, standings, isComplete);
      await Promise.all(
        Array.from({ length: Math.min(free, queue.length) }, async () => {
          for (let next = queue.shift(); next; next = queue.shift())
            if (await takeTurn(next, ALLOWED)) return;
        }),
      );
      await Promise.all(queue.map((work) => takeTurn(work, turn)));
    }),
  ]);
}

/** Whether a rotation needs a place. Runtimes without nodes, or whose nodes are ignored, do not. */
function takesPart({ request, progress }: RuntimeWork): boolean {
  if (request.config.nodes === "ignore") return false;
  return progress.nodes === undefined || progress.nodes.length > 0;
}

function mayRotate({ request }: RuntimeWork, turn: Turn): boolean {
  return turn.allowed && !request.dryRun;
}

/** In a dry run, or while it waits, a runtime is only looked at, without the lease. */
async function rotateOrWait(work: RuntimeWork, turn: Turn) {
  if (mayRotate(work, turn)) return await act(work, turn);
  return await preview(work, readingOf(work), turn);
}

function dueSince(work: RuntimeWork): number {
  const { secret } = readingOf(work);
  return secret.state === "readable" ? dueAt(secret, work.request.config) : Number.POSITIVE_INFINITY;
}
