import type { RuntimeOutcome } from "../../../src/reconcile/outcome.ts";
import type { RuntimeRecord } from "./record.ts";
import type { Turn, World } from "./world.ts";

/** More tags of others than leave room for the four of ours. */
const TAGS_LEFT = 15 - 4;

/**
 * After a turn that met no fault, no outside act and no write of another run, everything is well:
 * whatever had happened before, one such turn repairs it, or says what a person has to do.
 */
export function* checkCalm(world: World, turn: Turn, outcome: RuntimeOutcome): Generator<string> {
  const { record, run, faults, actsAtStart, writesAtStart, ownWrites } = turn;
  if (run.dryRun || faults > 0 || record.acts !== actsAtStart) return;
  if (record.writes - writesAtStart !== ownWrites) return;
  const said = `${outcome.outcome}, ${outcome.reason}`;
  if (outcome.outcome === "deferred") {
    if (!turn.foundLeased) yield `a run without a fault says ${said}, and the lease was free`;
    return;
  }
  world.tally.calm += 1;
  if (outcome.outcome === "failed") {
    if (!hasTooManyTags(record)) yield `a run without a fault says ${said}: ${outcome.message}`;
    return;
  }
  if (outcome.outcome === "blocked") {
    const expected = blockOf(record) ?? (run.request === "on-demand" ? "within-overlap" : undefined);
    if (outcome.reason !== expected)
      yield `a run without a fault says ${said}, and ${expected ?? "nothing"} is so`;
    if (outcome.reason !== "within-overlap") return;
  }
  for (const wrong of unwell(record)) yield `after a run without a fault (${said}) ${wrong}`;
  // What finishes a compromise leaves what is due to the next tick.
  if (
    outcome.reason !== "compromised" &&
    turn.dueAtStart !== undefined &&
    record.latest?.id === turn.dueAtStart
  ) {
    yield `a run without a fault (${said}) leaves a version that was due for a rotation`;
  }
  if (outcome.version !== record.latest?.id)
    yield `a run without a fault (${said}) names another latest version`;
  if (outcome.publishedKey === undefined || record.live[outcome.publishedKey] !== record.named) {
    yield `a run without a fault (${said}) names another published key`;
  }
  if (outcome.outcome === "rotated" || outcome.outcome === "published") {
    const { latest, versions } = record;
    const left = versions.find(
      (one) => one.enabled && one.created < latest!.created && !record.isLive(one.value),
    );
    if (left)
      yield `a run without a fault (${said}) leaves a dead version enabled, ${record.letter(left.value)}`;
  }
}

/** What only a person can put right; undefined where there is nothing of the kind. */
export function blockOf(record: RuntimeRecord): string | undefined {
  const { latest } = record;
  if (record.isDeleted) return "secret-deleted";
  if (latest?.enabled === false) return "secret-disabled";
  return latest && record.isForeign(latest) ? "secret-not-ours" : undefined;
}

/** What is not as it should be with a runtime that nobody has to put right. */
export function* unwell(record: RuntimeRecord): Generator<string> {
  const { latest, named, lives, condemned } = record;
  if (latest === undefined) return yield "there is no secret";
  if (!record.isLive(named)) yield `the vault names ${record.letter(named)}`;
  if (!record.isOurs(latest)) yield "the latest version is not tagged as ours";
  if (condemned.length > 0) yield `a compromise is unfinished, ${condemned[0]!.letter} still lives`;
  const lost = lives.find((life) => life.mintedBy === "rotation" && !life.everNamed && !life.orphaned);
  if (lost) yield `${lost.letter}, which the app had minted, is not published`;
}

export function hasTooManyTags(record: RuntimeRecord): boolean {
  return record.latest !== undefined && record.foreignTags(record.latest.tags).length > TAGS_LEFT;
}
