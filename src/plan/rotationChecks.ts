/** The checks that decide whether a rotation begins: lost nodes, overlap, what was asked for, and what is due. */
import { quote } from "../config/quote.ts";
import { otherKey } from "../services.ts";
import { block, type Decision, type Facts } from "./decision.ts";
import { isLostNow, isOnline, isWatched } from "./nodesNote.ts";
import { latestOf, publishedOf } from "./observation.ts";
import { someOf, type Turn } from "./rollout.ts";
import { dueAt, instant, isDue, isWithinOverlap, overlapEndsAt } from "./schedule.ts";

/** Azure allows eight nodes on request, and whoever answers the alert needs every name. */
const MOST_NODES = 8;

export function nodesAreLost(facts: Facts): Decision | undefined {
  const { kind, config, state, nodes, now } = facts;
  if (kind !== "timer" || config.nodes === "ignore" || !isWatched(state.note, now)) return undefined;
  // Once the next rotation is due, the loss no longer counts: the runtime is rotated in its turn, with a new note.
  if (!isLostNow(state.note, nodes) || isDue(latestOf(facts), config, now)) return undefined;
  const offline = nodes
    ?.filter((node) => !isOnline(node))
    .map(({ name, status }) => `${quote(name)} (${status})`);
  const which = offline ? `; not online are ${someOf(offline, MOST_NODES)}` : "";
  return block(
    "nodes-lost",
    `since the rotation of ${instant(state.note.at)}, which regenerated ${state.note.key}, nodes went offline${which}; before it ${state.note.online} were online and ${state.note.offline} were not: give those nodes the published key, or remove those that are gone`,
  );
}

export function overlapIsRunning(facts: Facts): Decision | undefined {
  const { config, kind, now } = facts;
  const latest = latestOf(facts);
  if (!isWithinOverlap(latest, config, now)) return undefined;
  const until = instant(overlapEndsAt(latest, config));
  const message = `the published key is younger than the overlap of ${config.overlap.text}, in which readers of the superseded key move on; it can be rotated from ${until} on`;
  if (kind === "on-demand") return block("within-overlap", message);
  return isDue(latest, config, now) ? { action: "keep", reason: "within-overlap", message } : undefined;
}

export function rotationIsRequested(facts: Facts): Decision | undefined {
  if (facts.kind !== "on-demand") return undefined;
  if (!facts.turn.allowed) return waits(facts.turn, "this rotation");
  const key = otherKey(publishedOf(facts));
  return {
    action: "rotate",
    reason: "on-demand",
    key,
    since: undefined,
    message: `${key} is regenerated and published on demand`,
  };
}

export function rotationIsDue(facts: Facts): Decision | undefined {
  const { config, kind, now, turn } = facts;
  const latest = latestOf(facts);
  if (!isDue(latest, config, now)) return undefined;
  const published = publishedOf(facts);
  const key = otherKey(published);
  const wasDue = `${published} was published ${instant(latest.createdOn)} and was due ${instant(dueAt(latest, config))}`;
  if (kind === "timer" && config.paused) {
    const message = `${wasDue}; its rotation waits, because scheduled rotations are paused`;
    return { action: "keep", reason: "paused", message };
  }
  if (!turn.allowed) return waits(turn, `${wasDue}; its rotation`);
  return {
    action: "rotate",
    reason: "due",
    key,
    since: undefined,
    message: `${key} is regenerated and published, because ${wasDue}`,
  };
}

export function nothingIsToBeDone(facts: Facts): Decision {
  const latest = latestOf(facts);
  const published = publishedOf(facts);
  return {
    action: "keep",
    reason: "not-due",
    message: `${published} was published ${instant(latest.createdOn)}; the next rotation, due ${instant(dueAt(latest, facts.config))}, regenerates ${otherKey(published)}`,
  };
}

function waits({ reason, message }: Extract<Turn, { allowed: false }>, what: string): Decision {
  return { action: "keep", reason, message: `${what} ${reason === "braked" ? "is " : ""}${message}` };
}
