import { rates } from "./rates.ts";
import type { RuntimeRecord } from "./record.ts";
import type { Run, Turn, World } from "./world.ts";

/** The turn of this runtime in this run; it begins when it is first asked for. */
export function turnOn(world: World, run: Run, record: RuntimeRecord): Turn {
  const known = run.turns.get(record.config);
  if (known) return known;
  const turn: Turn = {
    run,
    record,
    startedAt: world.scheduler.now,
    pace: paceOf(world),
    actsAtStart: record.acts,
    writesAtStart: record.writes,
    dueAtStart: dueVersion(record, world.scheduler.now),
    secretActsAtLook: record.secretActs,
    seesKill: false,
    keysListedAt: world.scheduler.now,
    faults: 0,
    ownWrites: 0,
    holder: undefined,
    foundLeased: false,
    wrote: false,
    published: 0,
    regenerated: [],
    foundCondemned: [],
    owes: undefined,
    orphaningsAtDeclaration: record.orphanings,
  };
  run.turns.set(record.config, turn);
  world.tally.turns += 1;
  if (record.turns.size > 0) world.tally.overlapping += 1;
  record.turns.add(turn);
  return turn;
}

function paceOf({ random, calm }: World): Turn["pace"] {
  if (!calm && random.chance(rates.slowTurn)) return "slow";
  return random.chance(rates.quickTurn) ? "quick" : "usual";
}

/** What a trace calls a run. */
export function nameOf({ id, request, trigger, dryRun, instance }: Run): string {
  const kind = request === "timer" ? trigger : dryRun ? "dry run" : request;
  return `run ${id} (${kind}, instance ${instance.number})`;
}

/** The latest version, if it is older than `rotateEvery` beyond what rounding to whole seconds may hide. */
export function dueVersion({ latest, config }: RuntimeRecord, now: number): string | undefined {
  if (latest === undefined) return undefined;
  return now - latest.created * 1000 > config.rotateEvery.ms + 2000 ? latest.id : undefined;
}
