/** How the runtimes of a run stand in the rollout. */
import { newFinding, withFinding } from "../plan/finding.ts";
import { type Standing, standingOf } from "../plan/rollout.ts";
import { isDue } from "../plan/schedule.ts";
import type { RuntimeWork } from "./runtimeWork.ts";

/** How a runtime stands by what was last read of it; undefined if its nodes are ignored. */
export function standingIn({ request, progress }: RuntimeWork): Omit<Standing, "isUnread"> | undefined {
  const { config, soakMs } = request;
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
