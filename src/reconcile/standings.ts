/** How the runtimes of a run stand in the rollout. */
import { type ObservedSecret, withFinding } from "../plan/observation.ts";
import { classOf, type RotationClass, type Standing, standingOf } from "../plan/rollout.ts";
import { timesRotated } from "../plan/rotationState.ts";
import { isDue } from "../plan/schedule.ts";
import { taggedKey } from "../plan/secretTags.ts";
import { otherKey } from "../services.ts";
import type { RuntimeWork } from "./runtimeWork.ts";
import { newFinding } from "./watch.ts";

/** How a runtime stands by what was last read of it; undefined if its nodes are ignored. */
export function standingIn({ task, progress }: RuntimeWork): Omit<Standing, "isUnread"> | undefined {
  const { config, soakMs } = task;
  if (config.nodes === "ignore") return undefined;
  const name = `${config.id.parent}/${config.id.name}`;
  const { reading, runtime, nodes } = progress;
  if (reading === undefined) return { name, state: "none", class: undefined };
  const { secret, now } = reading;
  const isDueAgain = secret.state === "readable" && isDue(secret, config, now);
  const finding = newFinding({ ...reading, nodes }, soakMs);
  const shown = finding === undefined ? reading : withFinding(reading, finding);
  return standingOf(name, shown, runtime, isDueAgain, soakMs);
}

/** @param waits whether it waits for its turn, so that its keys were not listed yet */
export function standingAfter(work: RuntimeWork, waits: boolean): Standing | undefined {
  const standing = standingIn(work);
  return standing && { ...standing, isUnread: isUnread(work, waits) };
}

/** True if its secret, keys or nodes should have been read but could not be. */
function isUnread({ progress }: RuntimeWork, waits: boolean): boolean {
  const { reading, runtime, nodesFailure } = progress;
  return reading === undefined || (runtime === undefined && !waits) || nodesFailure !== undefined;
}

/** The class of its next rotation, by what its secret says. */
export function nextClass({ secret, state }: ObservedSecret): RotationClass | undefined {
  return secret.state === "readable" ? classOf(otherKey(taggedKey(secret)), timesRotated(state)) : undefined;
}
