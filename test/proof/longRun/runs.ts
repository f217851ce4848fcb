import { inspect } from "node:util";
import { discover } from "../../../src/reconcile/discover.ts";
import { type Asked, type RunResult, run as runOnce, showsSecret, textOf } from "../shared/run.ts";
import { servicesOf } from "./calls.ts";
import { checkFound } from "./checkFound.ts";
import { checkCalm, checkOutcome } from "./checkOutcome.ts";
import { rates } from "./triggers.ts";
import { count, fail, nameOf, note, type Run, type Runtime, type Turn, type World } from "./world.ts";

/** How long a late effect of a run may still come: no longer than its lease would have held. */
const LEASE_MS = 60_000;

/** Begins one run of the production code on an instance drawn at random; a tick finds its runtimes itself. */
export function startRun(
  world: World,
  request: Asked["request"],
  records: readonly Runtime[],
  dryRun = false,
): void {
  const { scheduler, config, random } = world;
  count(world, `run: ${dryRun ? "dry run" : request}`);
  const instance = random.pick(world.instances);
  const runtimes = records.map(({ config }) => config);
  const asked = { request, dryRun, runtimes };
  const id = Object.values(world.counts).reduce((sum, n) => sum + n, 0);
  const run: Run = {
    ...{ id, asked, instance, turns: new Map(), dead: false },
    ...{ beganAt: scheduler.now, listed: [] },
  };
  instance.runs.add(run);
  const isCompromise = request === "compromised" && !dryRun;
  if (isCompromise) for (const record of records) record.declare(scheduler.now);
  const over = () => {
    if (isCompromise) scheduler.in(LEASE_MS, () => closeCalls(world, records));
  };
  const { clock, pace } = instance;
  // A run that dies tells nobody; none lives longer than this.
  if (isCompromise) scheduler.in(5 * LEASE_MS, () => run.dead && over());
  const begin = () => {
    if (run.dead) return;
    const services = servicesOf(world, run);
    const finding =
      request === "timer" ? discover(config, services, clock, pace, "timer") : Promise.resolve({});
    finding
      .then((found) => runOnce({ ...asked, ...found }, services, clock, pace))
      .then(
        (result) => {
          over();
          endOfRun(world, run, result);
        },
        (error: Error) =>
          fail(world, records[0]!, `promise 7: a whole run threw ${error.name}: ${error.message}`),
      );
  };
  scheduler.in(0, begin, true);
}

function closeCalls({ scheduler }: World, records: readonly Runtime[]): void {
  for (const record of records) {
    record.calls -= 1;
    record.settle(scheduler.now, "hand");
  }
}

/** The turn of one runtime in this run, by its id or its secret; it begins when it is first asked for. */
export function turnOn(world: World, run: Run, name: string): Turn {
  const { scheduler, random } = world;
  const record = world.records.find(({ config }) => config.id.key === name || config.secretName === name)!;
  const known = run.turns.get(record);
  if (known) return known;
  const { request } = run.asked;
  const { declaredAt = 0 } = record;
  const isSlow = !world.calm && random.chance(rates.slowTurn);
  const turn: Turn = {
    run,
    record,
    isTimer: request === "timer",
    pace: isSlow ? "slow" : random.chance(rates.quickTurn) ? "quick" : "usual",
    actsAtStart: record.acts,
    writesAtStart: record.writes,
    dueAtStart: record.isDue(scheduler.now) ? record.latest?.id : undefined,
    owes: request === "compromised" ? record.lives.filter(({ bornAt }) => bornAt <= declaredAt) : [],
    faults: 0,
    ownWrites: 0,
    holder: undefined,
    foundLeased: false,
    wrote: false,
    published: 0,
    regenerated: [],
  };
  run.turns.set(record, turn);
  count(world, record.turns.size > 0 ? "turns while another is at work" : "turns");
  record.turns.add(turn);
  return turn;
}

/** A run has answered: what it says of each runtime is held against the record. */
function endOfRun(world: World, run: Run, result: RunResult): void {
  run.instance.runs.delete(run);
  for (const [record, broken] of checkFound(world, run, result)) fail(world, record, broken);
  const turns = new Map([...run.turns.values()].map((turn) => [turn.record.config.id.key, turn]));
  for (const outcome of result.runtimes) {
    const turn = turns.get(outcome.config.id.key);
    count(world, `outcome: ${outcome.outcome}, ${outcome.reason}`);
    // Out of time before its turn came: nothing was looked at.
    if (turn === undefined) continue;
    const { record } = turn;
    record.turns.delete(turn);
    note(world, record, `${nameOf(run)}: ${outcome.outcome}, ${outcome.reason}`);
    for (const broken of checkOutcome(turn, outcome)) fail(world, record, broken);
    for (const broken of checkCalm(world, turn, outcome)) fail(world, record, broken);
  }
  const told = result.runtimes.filter(({ outcome }) => outcome !== "kept");
  if (showsSecret(textOf(result)) || told.some((one) => showsSecret(inspect(one, { depth: 9 })))) {
    fail(world, world.records[0]!, "promise 9: something like a key is in what a run answers or logs");
  }
}
