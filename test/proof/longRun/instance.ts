import type { Clock } from "../../../src/clock.ts";
import { Pace } from "../../../src/reconcile/pace.ts";
import type { KeyName } from "../../../src/services.ts";
import type { WritingRun } from "../shared/checkEffect.ts";
import type { ValueLife } from "../shared/record.ts";
import type { Asked } from "../shared/run.ts";
import { MINUTE } from "./scheduler.ts";
import type { Runtime, World } from "./world.ts";

/** Of one turn: every call is fast, or every call is slow. */
const QUICK = 0.3;
const SLOW = 0.004;

/** A process of the app: its clock is off by some minutes, and it paces all of its runs together for as long as it lives. */
export class Instance {
  readonly number: number;
  readonly clock: Clock;
  readonly pace: Pace;
  /** Its runs never go on. */
  dead = false;
  /** When a call of it last went wrong, which may have held up its other runs. */
  troubledAt = 0;

  constructor(world: World, number: number) {
    this.number = number;
    const skew = world.random.between(-10, 10) * MINUTE;
    this.clock = {
      wall: () => world.now + skew,
      monotonic: () => world.now,
      // What waits in a process that has died never goes on.
      sleep: (ms) => new Promise((resolve) => world.in(ms, () => this.dead || resolve(), true)),
    };
    this.pace = new Pace(this.clock, world.config.concurrency);
  }
}

/** What one run was told of a pattern's scope. */
interface Listed {
  readonly pattern: string;
  readonly found: readonly string[];
  /** Part of it could not be listed, or there was nothing. */
  readonly failed: boolean;
}

/** One run of the production code. */
export class Run {
  readonly asked: Asked;
  readonly instance: Instance;
  readonly beganAt: number;
  /** What a trace calls it. */
  readonly name: string;
  /** By the ids of the runtimes. */
  readonly turns = new Map<string, Turn>();
  /** What its lists told. */
  readonly listed: Listed[] = [];

  /** Runtimes whose compromise it declares. */
  readonly declares: readonly Runtime[];

  constructor(world: World, asked: Asked, instance: Instance, declares: readonly Runtime[] = []) {
    this.asked = asked;
    this.instance = instance;
    this.declares = declares;
    this.beganAt = world.now;
    world.begun += 1;
    const { request, dryRun } = asked;
    this.name = `run ${world.begun} (${dryRun ? "dry run" : request}, instance ${instance.number})`;
  }

  /** The turn of one runtime, by its id or its secret; it begins when it is first asked for. */
  turnOn(world: World, name: string): Turn {
    const record = world.byName.get(name)!;
    const { key } = record.config.id;
    const known = this.turns.get(key);
    if (known) return known;
    const isShared = [...world.runs].some(({ turns }) => turns.has(key));
    world.count(isShared ? "turns while another is at work" : "turns");
    const turn = new Turn(world, this, record);
    this.turns.set(key, turn);
    return turn;
  }
}

/** What one run does to one runtime, from its first look to its outcome. */
export class Turn implements WritingRun {
  readonly run: Run;
  readonly record: Runtime;
  readonly isTimer: boolean;
  /** How fast Azure is for it: slow turns come close to every limit. */
  readonly pace: "quick" | "usual" | "slow";
  /** The version that was due for a rotation as it began. */
  readonly due: string | undefined;
  /** Values whose death a compromise call owes. */
  readonly owes: readonly ValueLife[];
  readonly #acts: number;
  /** Effects of writes on the runtime, were there no other run. */
  writes: number;
  wrote = false;
  published = false;
  readonly regenerated: KeyName[] = [];
  faults = 0;
  /** Its lease, by the name that the store gave to it. */
  holder: string | undefined;
  foundLeased = false;

  constructor({ calm, random, now }: World, run: Run, record: Runtime) {
    const { request } = run.asked;
    const { acts, writes, latest, lives, declaredAt = 0 } = record;
    this.run = run;
    this.record = record;
    this.isTimer = request === "timer";
    this.pace = !calm && random.chance(SLOW) ? "slow" : random.chance(QUICK) ? "quick" : "usual";
    this.due = record.isDue(now) ? latest?.id : undefined;
    this.owes = request === "compromised" ? lives.filter(({ bornAt }) => bornAt <= declaredAt) : [];
    this.#acts = acts;
    this.writes = writes;
  }

  /** Whether somebody was at work on the runtime since it began. */
  get isDisturbed(): boolean {
    return this.record.acts !== this.#acts;
  }

  /** A call of it goes wrong. */
  goesWrong(now: number): void {
    this.faults += 1;
    this.record.wrongAt = now;
    this.run.instance.troubledAt = now;
  }
}
