import { unwell } from "../shared/checkEffect.ts";
import type { RuntimeOutcome } from "../shared/run.ts";
import { blockOf, isLive } from "../shared/sides.ts";
import { tagsOfOthers } from "../shared/stateTag.ts";
import { count, type Runtime, type Turn, type World } from "./world.ts";

/** What must be true of every outcome, whatever happened meanwhile. */
export function* checkOutcome(turn: Turn, outcome: RuntimeOutcome): Generator<string> {
  const { regenerated, published, run, owes, record } = turn;
  const { reason, regenerates, message } = outcome;
  const said = outcome.outcome;
  if (reason === "bug") yield `promise 7: ${message}`;
  if (run.asked.dryRun) return;
  const isUndisturbed = record.acts === turn.actsAtStart;
  // A person who regenerates a key while its regenerate has no answer makes it look done.
  if (said !== "failed" && isUndisturbed && regenerates.join() !== regenerated.join()) {
    yield `the run says that it regenerated "${regenerates}", and it was "${regenerated}"`;
  }
  const changed = regenerated.length > 0 || published > 0;
  if (changed && (said === "kept" || said === "deferred"))
    yield `the run says ${said} after it changed something`;
  if (said === "rotated" && isUndisturbed && regenerated.length === 0) {
    yield "the run says rotated and regenerated nothing";
  }
  if (said === "published" && (published === 0 || regenerated.length > 0)) {
    yield "the run says published, and it was not just that";
  }
  const alive = owes.find(({ diedAt }) => diedAt === undefined);
  if (said === "rotated" && isUndisturbed && alive) {
    yield `the compromise call says rotated, and ${alive.name} still lives`;
  }
}

/** More tags of others than leave room for the four of ours. */
const TAGS_LEFT = 15 - 4;

export function hasTooManyTags({ latest }: Runtime): boolean {
  return latest !== undefined && tagsOfOthers(latest.tags).length > TAGS_LEFT;
}

/**
 * After a turn that met no fault, no outside act and no write of another run, everything is well:
 * whatever had happened before, one such turn repairs it, or says what a person has to do.
 */
export function* checkCalm(world: World, turn: Turn, outcome: RuntimeOutcome): Generator<string> {
  const { record, run, faults, actsAtStart, writesAtStart, ownWrites } = turn;
  const { reason, version, publishedKey } = outcome;
  if (run.asked.dryRun || faults > 0 || record.acts !== actsAtStart) return;
  if (record.writes - writesAtStart !== ownWrites) return;
  const said = `a run without a fault says ${outcome.outcome}, ${reason}`;
  if (outcome.outcome === "deferred") {
    // Whatever went wrong in this process may have taken its time.
    if (reason === "out-of-time" && run.instance.troubledAt >= run.beganAt) return;
    if (!turn.foundLeased) yield `${said}, and the lease was free`;
    return;
  }
  count(world, "turns that nothing disturbed");
  if (outcome.outcome === "failed") {
    if (!hasTooManyTags(record)) yield `${said}: ${outcome.message}`;
    return;
  }
  if (outcome.outcome === "blocked") {
    const expected = blockOf(record) ?? (run.asked.request === "on-demand" ? "within-overlap" : undefined);
    if (reason !== expected) yield `${said}, and ${expected ?? "nothing"} is so`;
    if (reason !== "within-overlap") return;
  }
  for (const wrong of unwell(record)) yield `${said}, and ${wrong}`;
  const { latest, versions } = record;
  // What finishes a compromise leaves what is due to the next tick.
  if (reason !== "compromised" && turn.dueAtStart !== undefined && latest?.id === turn.dueAtStart) {
    yield `${said}, and leaves a version that was due for a rotation`;
  }
  if (version !== latest?.id) yield `${said} and names another latest version`;
  if (publishedKey === undefined || record.live[publishedKey] !== record.named) {
    yield `${said} and names another published key`;
  }
  if (outcome.outcome !== "rotated" && outcome.outcome !== "published") return;
  const left = versions.find(
    ({ enabled, created, value }) => enabled && created < latest!.created && !isLive(record, value),
  );
  if (left) yield `${said}, and leaves a dead version enabled, ${record.nameOf(left.value)}`;
}
