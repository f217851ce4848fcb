import { isLive } from "../shared/sides.ts";
import { rates } from "./triggers.ts";
import { count, fail, type Runtime, type World } from "./world.ts";

/** Reading again so often, as a share of the overlap, from one answer's moment to the next answer. */
const kinds = [
  { name: "reads at a third of the overlap", share: 1 / 3 },
  { name: "reads at the overlap", share: 1 },
  { name: "reads at boot only", share: undefined },
  { name: "reads at one and a half of the overlap", share: 1.5 },
  { name: "reads at five times the overlap", share: 5 },
] as const;

type Kind = (typeof kinds)[number];

/** A node that reads at boot only boots so often on average. */
const BOOTS_EVERY_MS = 3 * 86_400_000;
const RETRIES_AFTER_MS = 3_600_000;

/** Why a node that does not keep to its contract is refused. */
export const SELDOM = "it read too seldom";

/** What a node read, and of which moment that is. */
interface Reading {
  readonly value: string;
  readonly at: number;
  /** A person wrote it into the secret, and it was dead or no key then. */
  readonly badByHand: boolean;
}

/** Nodes of every kind, that read the secret and register with what they last read, for as long as it goes on. */
export function addNodes(world: World, record: Runtime): void {
  for (const kind of kinds) {
    new Node(world, record, kind).boot();
  }
}

class Node {
  readonly #world: World;
  readonly #record: Runtime;
  readonly #kind: Kind;
  /** Undefined since its boot until it could read. */
  #reading: Reading | undefined;
  /** It tried to read since, and a person's act on the secret left nothing to read. */
  #couldNotRead = false;
  #boots = 0;

  constructor(world: World, record: Runtime, kind: Kind) {
    this.#world = world;
    this.#record = record;
    this.#kind = kind;
  }

  /** Forgets everything and reads. */
  boot(): void {
    const { scheduler, random } = this.#world;
    this.#boots += 1;
    this.#reading = undefined;
    this.#couldNotRead = false;
    this.#readBy(scheduler.now + random.between(10, 2000));
    const mean = this.#kind.share === undefined ? BOOTS_EVERY_MS : rates.nodeRebootsEvery;
    scheduler.in(random.waiting(mean), () => this.boot());
  }

  /** Reads so that the answer is there at this moment. Right before that comes the last use of the old value. */
  #readBy(answerAt: number): void {
    const { scheduler, random } = this.#world;
    const boot = this.#boots;
    const latency = random.between(10, 2000);
    scheduler.at(answerAt - latency * random.next(), () => {
      if (this.#boots !== boot) return;
      const read = this.#read();
      scheduler.at(answerAt, () => {
        if (this.#boots !== boot) return;
        if (this.#reading) this.#register(this.#reading);
        if (read === undefined) {
          this.#couldNotRead = true;
          this.#readBy(answerAt + Math.min(RETRIES_AFTER_MS, this.#record.config.overlap.ms / 3));
          return;
        }
        this.#reading = read;
        this.#couldNotRead = false;
        this.#register(read);
        const { share } = this.#kind;
        if (share !== undefined) this.#readBy(read.at + this.#record.config.overlap.ms * share);
      });
    });
  }

  #read(): Reading | undefined {
    const { latest, named } = this.#record;
    if (latest === undefined || named === undefined) return undefined;
    const life = this.#record.values.get(named);
    const wasDead =
      life === undefined || (life.diedAt !== undefined && life.diedAt / 1000 < latest.created + 1);
    const badByHand = this.#record.handVersions.has(latest.id) && wasDead;
    return { value: named, at: this.#world.scheduler.now, badByHand };
  }

  #register(reading: Reading): void {
    const world = this.#world;
    const record = this.#record;
    count(world, "registrations");
    if (isLive(record, reading.value)) return;
    const excuse = this.#excuseOf(reading);
    count(world, `refused: ${excuse ?? "without an excuse"}`);
    if (excuse !== undefined) return;
    const age = Math.round((world.scheduler.now - reading.at) / 1000);
    const name = record.nameOf(reading.value);
    fail(
      world,
      record,
      `promise 2: a node that ${this.#kind.name} is refused with ${name}, read ${age} s ago`,
    );
  }

  /** What killed this very value, where that excuses the refusal. */
  #excuseOf({ value, at, badByHand }: Reading): string | undefined {
    const life = this.#record.values.get(value);
    if (badByHand) return "a person wrote it, and it was no live key";
    if (life?.killedBy === "hand") return "a person regenerated it, or deleted its runtime";
    if (life?.killedBy === "compromise") return "declared compromised";
    if (life?.excused) return "a person was at work meanwhile";
    if (this.#world.scheduler.now - at <= this.#record.config.overlap.ms) return undefined;
    if ((this.#kind.share ?? 0) > 1) return SELDOM;
    return this.#couldNotRead ? "could not read: a person disabled, deleted or purged the secret" : undefined;
  }
}
