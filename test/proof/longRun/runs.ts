import { discover } from "../../../src/reconcile/discover.ts";
import { Pace } from "../../../src/reconcile/pace.ts";
import type { KeyName } from "../../../src/services.ts";
import { type RequestKind, run as runOnce } from "../shared/run.ts";
import { servicesOf } from "./calls.ts";
import { checkRun } from "./checkRun.ts";
import { MINUTE } from "./scheduler.ts";
import { whenLeased } from "./triggers.ts";
import type { Runtime, World } from "./world.ts";

/** How long a call takes, in milliseconds: slow ones come close to every limit. */
export const TAKES = { quick: [2, 50], usual: [20, 500], slow: [1000, 9500] } as const;

export type Instance = ReturnType<typeof startInstance>;
export type Turn = ReturnType<typeof turnOf>;

/** A process of the app: its clock is off by some minutes, and it paces all of its runs for as long as it lives. */
export function startInstance(world: World, number: number) {
  const skew = world.random.between(-10, 10) * MINUTE;
  const clock = {
    wall: () => world.now + skew,
    monotonic: () => world.now,
    // What waits in a process that has died never goes on.
    sleep: (ms: number) =>
      new Promise<void>((resolve) => world.in(ms, () => instance.isDead || resolve(), true)),
  };
  const pace = new Pace(clock, world.config.concurrency);
  // When a call of it last went wrong, which may have held up its other runs.
  const instance = { number, clock, pace, troubledAt: 0, isDead: false };
  return instance;
}

/** One run of the production code, on an instance drawn at random. */
export class Run {
  readonly world: World;
  readonly request: RequestKind;
  /** Those that it is asked for; a tick finds its runtimes itself. */
  readonly records: readonly Runtime[];
  readonly dryRun: boolean;
  readonly instance: Instance;
  readonly beganAt: number;
  /** What a trace calls it. */
  readonly name: string;
  /** By the ids of the runtimes. */
  readonly turns = new Map<string, Turn>();
  /** What its lists told of each pattern, and whether part of it could not be listed, or there was nothing. */
  readonly listed: { pattern: string; found: readonly string[]; failed: boolean }[] = [];

  constructor(world: World, request: RequestKind, records: readonly Runtime[], dryRun: boolean) {
    this.world = world;
    this.request = request;
    this.records = [...records];
    this.dryRun = dryRun;
    this.instance = world.random.pick(world.instances);
    this.beganAt = world.now;
    world.begun += 1;
    this.name = `run ${world.begun} (${dryRun ? "dry run" : request}, instance ${this.instance.number})`;
    world.runs.add(this);
    for (const record of this.#declared) record.declare(world.now);
  }

  /** The turn of one runtime, by its id or its secret; it begins when it is first asked for. */
  turnOn(name: string): Turn {
    const { world, turns } = this;
    const record = world.byName.get(name)!;
    const { key } = record.config.id;
    const known = turns.get(key);
    if (known !== undefined) return known;
    const isShared = [...world.runs].some((other) => other.turns.has(key));
    world.count(isShared ? "turns while another is at work" : "turns");
    const turn = turnOf(this, record);
    turns.set(key, turn);
    return turn;
  }

  /** It has answered, or its process is gone. What it declared counts for as long as its lease could hold. */
  end(): void {
    const { world } = this;
    world.runs.delete(this);
    world.in(MINUTE, () => {
      for (const record of this.#declared) {
        record.calls -= 1;
        record.settle(world.now, "hand");
      }
    });
  }

  get #declared(): readonly Runtime[] {
    return this.request === "compromised" && !this.dryRun ? this.records : [];
  }
}

/** What one run does to one runtime, from its first look to its outcome. */
function turnOf(run: Run, record: Runtime) {
  const { calm, random, now } = run.world;
  const { acts, latest, lives, declaredAt = 0 } = record;
  return {
    run,
    record,
    isTimer: run.request === "timer",
    takes: TAKES[!calm && random.chance(0.004) ? "slow" : random.chance(0.3) ? "quick" : "usual"],
    /** The version that was due for a rotation as it began. */
    due: record.isDue(now) ? latest?.id : undefined,
    /** Values whose death a compromise call owes. */
    owes: run.request === "compromised" ? lives.filter(({ bornAt }) => bornAt <= declaredAt) : [],
    /** Effects of writes on the runtime, were there no other run. */
    writes: record.writes,
    wrote: false,
    published: false,
    regenerated: [] as KeyName[],
    faults: 0,
    /** Its lease, by the name that the store gave to it. */
    holder: undefined as string | undefined,
    foundLeased: false,
    /** Whether somebody was at work on the runtime since it began. */
    isDisturbed: () => record.acts !== acts,
  };
}

/** Begins one run of the production code; calls only ask what would be done now and then. */
export function startRun(world: World, request: RequestKind, records: readonly Runtime[]): void {
  const dryRun = request !== "timer" && world.random.chance(0.08);
  world.count(`run: ${dryRun ? "dry run" : request}`);
  const run = new Run(world, request, records, dryRun);
  const { clock, pace } = run.instance;
  const carryOut = async () => {
    const services = servicesOf(run);
    const asked = { request, dryRun, runtimes: run.records.map(({ config }) => config) };
    const found = request === "timer" ? await discover(world.config, services, clock, pace, "timer") : {};
    return await runOnce({ ...asked, ...found }, services, clock, pace);
  };
  const begin = () =>
    carryOut().then(
      (result) => {
        run.end();
        checkRun(run, result);
      },
      (error: Error) => world.fail(world.records[0]!, `promise 7: a whole run threw ${error}`),
    );
  world.in(0, () => run.instance.isDead || begin(), true);
}

/** The instance is gone with all its runs; the one that takes its place knows nothing of what it knew. */
export function kill(world: World, instance: Instance): void {
  if (instance.isDead) return;
  instance.isDead = true;
  for (const run of world.runs) {
    if (run.instance !== instance) continue;
    run.end();
    world.count("runs killed");
    for (const { record, holder } of run.turns.values()) {
      record.wrongAt = world.now;
      if (holder !== undefined) whenLeased(world, record);
      world.note(record, `${run.name} is killed`);
    }
    // What it had not come to yet waits for the next tick.
    if (run.request === "timer") for (const record of world.records) record.wrongAt = world.now;
  }
  world.instances[instance.number] = startInstance(world, instance.number);
}
