import { inspect } from "node:util";
import { covers } from "../../../src/config/foundRuntime.ts";
import { unwell } from "../shared/checkEffect.ts";
import { type RunResult, type RuntimeOutcome, showsSecret, textOf } from "../shared/run.ts";
import { blockOf, isLive } from "../shared/sides.ts";
import type { Run, Turn } from "./runs.ts";

/** A run has answered: what it says of each runtime is held against the record. */
export function checkRun(run: Run, result: RunResult): void {
  const { world } = run;
  if (run.request === "timer") checkFound(run, result);
  for (const outcome of result.runtimes) {
    const turn = run.turns.get(outcome.config.id.key);
    world.count(`outcome: ${outcome.outcome}, ${outcome.reason}`);
    // Out of time before its turn came: nothing was looked at.
    if (turn === undefined) continue;
    world.note(turn.record, `${run.name}: ${outcome.outcome}, ${outcome.reason}`);
    for (const broken of checkOutcome(turn, outcome)) world.fail(turn.record, broken);
    for (const broken of checkCalm(turn, outcome)) world.fail(turn.record, broken);
  }
  const told = result.runtimes.filter(({ outcome }) => outcome !== "kept");
  const all = told.map((one) => inspect({ ...one, config: undefined }, { depth: 9 }));
  if ([textOf(result), ...all].some(showsSecret)) {
    world.fail(world.records[0]!, "promise 9: something like a key is in what a run answers or logs");
  }
}

/**
 * A tick works on what has an entry and on what its lists told, and on nothing else: what has come is adopted, what has
 * gone is missed by nobody, and a scope that failed costs what it did not tell.
 */
function checkFound({ world, listed }: Run, { runtimes, request: { scopes = [] } }: RunResult): void {
  const { records, config } = world;
  const failed = listed.filter((one) => one.failed).map(({ pattern }) => pattern);
  const told = scopes.filter(({ outcome }) => outcome === "failed").map(({ scope }) => scope);
  if (failed.sort().join() !== told.sort().join()) {
    world.fail(records[0]!, `a tick says of these scopes that they failed: ${told}; it was these: ${failed}`);
  }
  const own = config.runtimes.map(({ id }) => id.key);
  const found = new Set([...own, ...listed.flatMap((one) => one.found)]);
  const worked = new Set(runtimes.map(({ config }) => config.id.key));
  const unseen = config.patterns.filter(({ text }) => failed.includes(text));
  for (const record of records) {
    const { id } = record.config;
    const isFound = found.has(id.key);
    const wrong = isFound ? "leaves out one that was found" : "works on one that nobody told it of";
    if (worked.has(id.key) !== isFound) world.fail(record, `a tick ${wrong}`);
    if (isFound || !unseen.some((pattern) => covers(pattern, id))) continue;
    record.wrongAt = world.now;
    world.count("left out where a scope failed");
  }
}

/** What must be true of every outcome, whatever happened meanwhile. */
function* checkOutcome(turn: Turn, outcome: RuntimeOutcome): Generator<string> {
  const { regenerated, published, run, owes } = turn;
  const isDisturbed = turn.isDisturbed();
  const { outcome: said, reason, regenerates, message } = outcome;
  if (reason === "bug") yield `promise 7: ${message}`;
  if (run.dryRun) return;
  // A person who regenerates a key while its regenerate has no answer makes it look done.
  if (said !== "failed" && !isDisturbed && regenerates.join() !== regenerated.join()) {
    yield `the run says that it regenerated "${regenerates}", and it was "${regenerated}"`;
  }
  const isChanged = regenerated.length > 0 || published;
  if (isChanged && ["kept", "deferred"].includes(said))
    yield `the run says ${said} after it changed something`;
  if (said === "published" && (!published || regenerated.length > 0)) {
    yield "the run says published, and it was not just that";
  }
  if (said !== "rotated" || isDisturbed) return;
  if (regenerated.length === 0) yield "the run says rotated and regenerated nothing";
  const alive = owes.find(({ diedAt }) => diedAt === undefined);
  if (alive) yield `the compromise call says rotated, and ${alive.name} still lives`;
}

/**
 * After a turn that met no fault, no outside act and no write of another run, everything is well:
 * whatever had happened before, one such turn repairs it, or says what a person has to do.
 */
function* checkCalm(turn: Turn, outcome: RuntimeOutcome): Generator<string> {
  const { record, run, faults, writes, due } = turn;
  const { reason, version, publishedKey } = outcome;
  if (run.dryRun || faults > 0 || turn.isDisturbed() || record.writes !== writes) return;
  const said = `a run without a fault says ${outcome.outcome}, ${reason}`;
  if (outcome.outcome === "deferred") {
    // Whatever went wrong in this process may have taken its time.
    if (reason === "out-of-time" && run.instance.troubledAt >= run.beganAt) return;
    if (!turn.foundLeased) yield `${said}, and the lease was free`;
    return;
  }
  run.world.count("turns that nothing disturbed");
  if (outcome.outcome === "failed") {
    if (!record.hasTooManyTags) yield `${said}: ${outcome.message}`;
    return;
  }
  if (outcome.outcome === "blocked") {
    const expected = blockOf(record) ?? (run.request === "on-demand" ? "within-overlap" : undefined);
    if (reason !== expected) yield `${said}, and ${expected ?? "nothing"} is so`;
    if (reason !== "within-overlap") return;
  }
  for (const wrong of unwell(record)) yield `${said}, and ${wrong}`;
  const { latest, versions } = record;
  // What finishes a compromise leaves what is due to the next tick.
  if (reason !== "compromised" && due !== undefined && latest?.id === due) {
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
