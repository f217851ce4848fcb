/**
 * The rollout: scheduled rotations start with one runtime of a class, and go on as rotations of that class are proved
 * to have done no harm to the nodes. A class is the key that dies, and whether the runtime was rotated less than twice
 * before: most estates lose their first node by the second rotation, which kills the key that every template hands out.
 */
import { KEY_NAMES, type KeyName, otherKey } from "../services.ts";
import { isUndecided } from "./nodesNote.ts";
import { isRegenerated, type ObservedRuntime, type ObservedSecret } from "./observation.ts";
import { timesRotated } from "./rotationState.ts";
import { taggedKey } from "./secretTags.ts";

export type RotationClass = `${KeyName} ${"first" | "later"}`;

/** How a runtime's latest rotation, or the current one, stands. */
export interface Standing {
  /** What messages call the runtime. */
  readonly name: string;
  /** As its secret says; `none` also if that could not be read. */
  readonly state: "proved" | "undecided" | "lost" | "none";
  readonly class: RotationClass | undefined;
  /** It could not be read in this run, so its state may have changed. */
  readonly isUnread: boolean;
}

/** Whether a rotation may begin, or why it waits. */
export type Turn =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: "rollout" | "braked"; readonly message: string };

export const ALLOWED: Turn = { allowed: true };

export const CLASSES: readonly RotationClass[] = KEY_NAMES.flatMap((key) => [
  classOf(key, 0),
  classOf(key, 2),
]);

/** @param earlier how often the runtime was rotated before */
export function classOf(key: KeyName, earlier: number): RotationClass {
  return `${key} ${earlier < 2 ? "first" : "later"}`;
}

/** The class of a runtime's next rotation, as its secret says. */
export function nextClass({ secret, state }: ObservedSecret): RotationClass | undefined {
  return secret.state === "readable" ? classOf(otherKey(taggedKey(secret)), timesRotated(state)) : undefined;
}

/**
 * How a runtime stands, as its secret says. A rotation counts as under way once its key may have been regenerated.
 * @param isDueAgain whether its next rotation is due: a loss no longer counts then
 * @param runtime as far as it was seen
 */
export function standingOf(
  name: string,
  { state, now }: ObservedSecret,
  runtime: ObservedRuntime | undefined,
  isDueAgain: boolean,
  soakMs: number,
): Omit<Standing, "isUnread"> {
  const { intent, note } = state;
  if (intent?.kind === "rotate") {
    const isUnchanged = runtime?.state === "self-hosted" && !isRegenerated(intent, runtime.keys);
    if (!isUnchanged) return { name, state: "undecided", class: classOf(intent.key, intent.earlier) };
  }
  if (note === undefined) return { name, state: "none", class: undefined };
  const { key, earlier, finding } = note;
  const standing = (state: Standing["state"]) => ({ name, state, class: classOf(key, earlier) });
  if (finding === "lost") return standing(isDueAgain ? "none" : "lost");
  if (finding === "proved") return standing("proved");
  return standing(isUndecided(note, now, soakMs) ? "undecided" : "none");
}

/** How many rotations of a class may begin now, and why the others wait. */
export interface Places {
  readonly free: number;
  readonly waiting: Extract<Turn, { allowed: false }>;
}

/** @param isComplete whether every scope could be listed; otherwise runtimes may be missing here, with any standing */
export function placesIn(
  rotationClass: RotationClass,
  standings: readonly Standing[],
  isComplete: boolean,
): Places {
  const inClass = (state: Standing["state"]) =>
    standings.filter((standing) => standing.class === rotationClass && standing.state === state);
  const lost = inClass("lost");
  const proved = inClass("proved").length;
  const undecided = inClass("undecided");
  if (10 * lost.length > proved) {
    const message = `held back because rotations of the same kind took nodes of ${someOf(lost.map(({ name }) => name))} offline; give those nodes the published key, or remove those that are gone`;
    return { free: 0, waiting: { allowed: false, reason: "braked", message } };
  }
  const capacity = isComplete ? Math.max(1, 3 * proved) : 1;
  const left = Math.max(0, capacity - undecided.length);
  // What could not be read takes a place, but never the last: a runtime that stays unreachable must not block the others.
  const unread = standings.filter((standing) => standing.isUnread && !undecided.includes(standing)).length;
  const free = Math.min(left, Math.max(1, left - unread));
  const message =
    undecided.length > 0
      ? `waits until the nodes of ${someOf(undecided.map(({ name }) => name))}, which were rotated first, have stayed online`
      : "waits for the runtimes that are rotated first in this run";
  return { free, waiting: { allowed: false, reason: "rollout", message } };
}

/** Names as a sentence lists them: the first few, and how many more. */
export function someOf(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
