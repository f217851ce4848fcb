import { inspect } from "node:util";
import type { RuntimeOutcome } from "../../../src/reconcile/outcome.ts";
import type { RunResult } from "../../../src/reconcile/reconcile.ts";
import { failureOf, httpAnswer } from "../../../src/report/report.ts";
import { logLines } from "../../support/logLines.ts";
import { checkCalm } from "./checkCalm.ts";
import { count } from "./tally.ts";
import { nameOf } from "./turns.ts";
import { fail, type Run, type Turn, type World } from "./world.ts";

/** A run has answered: what it says of each runtime is held against the record. */
export function endOfRun(world: World, run: Run, result: RunResult): void {
  run.instance.runs.delete(run);
  for (const outcome of result.runtimes) {
    const turn = run.turns.get(outcome.config);
    count(world.tally.outcomes, `${outcome.outcome}, ${outcome.reason}`);
    // Out of time before its turn came: nothing was looked at.
    if (turn === undefined) continue;
    const { record } = turn;
    record.turns.delete(turn);
    const { now } = world.scheduler;
    record.events.note(now, () => `${nameOf(run)}: ${outcome.outcome}, ${outcome.reason}`, run.id);
    for (const broken of checkOutcome(turn, outcome)) fail(world, record, broken);
    for (const broken of checkCalm(world, turn, outcome)) fail(world, record, broken);
    if (outcome.outcome === "kept" && turn.faults === 0) record.events.forget(run.id);
  }
  const printed = JSON.stringify([
    logLines(result),
    run.trigger === "http" ? httpAnswer(result) : failureOf(result),
  ]);
  const told = result.runtimes.filter(({ outcome }) => outcome !== "kept");
  if (/IR@|FAKE/.test(printed) || told.some((one) => /IR@|FAKE/.test(inspect(one, { depth: 9 })))) {
    fail(world, world.records[0]!, "promise 9: something like a key is in what a run answers or logs");
  }
}

/** What must be true of every outcome, whatever happened meanwhile. */
function* checkOutcome(
  turn: Turn,
  { outcome, reason, regenerates, message }: RuntimeOutcome,
): Generator<string> {
  const { regenerated, published, run, owes } = turn;
  if (reason === "bug") yield `promise 7: ${message}`;
  if (run.dryRun) return;
  const isUndisturbed = turn.record.acts === turn.actsAtStart;
  // A person who regenerates a key while its regenerate has no answer makes it look done.
  if (outcome !== "failed" && isUndisturbed && regenerates.join() !== regenerated.join()) {
    yield `the run says that it regenerated "${regenerates}", and it was "${regenerated}"`;
  }
  const changed = regenerated.length > 0 || published > 0;
  if (changed && (outcome === "kept" || outcome === "deferred"))
    yield `the run says ${outcome} after it changed something`;
  if (outcome === "rotated" && isUndisturbed && regenerated.length === 0)
    yield "the run says rotated and regenerated nothing";
  if (outcome === "published" && (published === 0 || regenerated.length > 0))
    yield "the run says published, and it was not just that";
  if (run.request === "compromised" && outcome === "rotated") {
    const alive = owes?.find(
      ({ diedAt, orphaned, condemned }) => diedAt === undefined && condemned && !orphaned,
    );
    if (owes === undefined || alive) {
      yield `the compromise call says rotated, and ${alive?.letter ?? "nothing was declared, so everything"} still lives`;
    }
  }
}
