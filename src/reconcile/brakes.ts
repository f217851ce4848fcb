/** Finds out which classes of rotations are braked, for a call that is not held back itself. */
import pLimit from "p-limit";
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import { CLASSES, placesIn, type RotationClass } from "../plan/rollout.ts";
import { observeSecret } from "./observe.ts";
import { noteSecret } from "./progress.ts";
import type { RuntimeWork } from "./runtimeWork.ts";
import { standingIn } from "./standings.ts";

/** Why scheduled rotations of a class are held back, for those classes in which they are. */
export type Brakes = ReadonlyMap<RotationClass, string>;

/**
 * Reads only the secrets. A runtime that cannot be read in time is skipped: the call merely reports brakes and must not
 * fail because of one.
 */
export async function readBrakes(
  runtimes: readonly RuntimeConfig[],
  workOn: (config: RuntimeConfig) => RuntimeWork,
  concurrency: number,
): Promise<Brakes> {
  const standings = await pLimit(concurrency).map(runtimes, async (config) => {
    const work = workOn(config);
    try {
      noteSecret(work.progress, await observeSecret(work.observer));
    } catch {
      // The timer reports what is wrong with it.
    }
    return standingIn(work) ?? [];
  });
  const all = standings.flat().map((standing) => ({ ...standing, isUnread: false }));
  const brakes = new Map<RotationClass, string>();
  for (const rotationClass of CLASSES) {
    const { reason, message } = placesIn(rotationClass, all, true).waiting;
    if (reason === "braked") brakes.set(rotationClass, message);
  }
  return brakes;
}
