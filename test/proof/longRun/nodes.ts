import { isLive } from "../shared/sides.ts";
import { DAY, HOUR } from "./scheduler.ts";
import type { Runtime, World } from "./world.ts";

/** Reading again so often, as a share of the overlap, from one answer's moment to the next answer. */
const kinds = [
  { name: "reads at a third of the overlap", share: 1 / 3 },
  { name: "reads at the overlap", share: 1 },
  { name: "reads at boot only", share: undefined },
  { name: "reads at one and a half of the overlap", share: 1.5 },
  { name: "reads at five times the overlap", share: 5 },
] as const;

/** So often on average; a node that reads at boot only has to boot more often. */
const BOOTS_EVERY_MS = 45 * DAY;
const READS_AT_BOOT_EVERY_MS = 3 * DAY;

/** Why a node that does not keep to its contract is refused. */
export const SELDOM = "it read too seldom";

/** One node from its boot to the next. */
interface Node {
  readonly kind: (typeof kinds)[number];
  readonly record: Runtime;
  /** Undefined until it could read. */
  reading: Reading | undefined;
  /** It tried to read since, and a person's act on the secret left nothing to read. */
  couldNotRead: boolean;
  isOver: boolean;
}

/** What a node read, and of which moment that is. */
interface Reading {
  readonly value: string;
  readonly at: number;
  /** A person wrote it into the secret, and it was dead or no key then. */
  readonly isBadByHand: boolean;
}

/** Nodes of every kind, that read the secret and register with what they last read, for as long as it goes on. */
export function addNodes(world: World, record: Runtime): void {
  for (const kind of kinds) boot(world, record, kind);
}

/** Forgets everything and reads. */
function boot(world: World, record: Runtime, kind: Node["kind"]): void {
  const node: Node = { kind, record, reading: undefined, couldNotRead: false, isOver: false };
  readBy(world, node, world.now + world.random.between(10, 2000));
  const mean = kind.share === undefined ? READS_AT_BOOT_EVERY_MS : BOOTS_EVERY_MS;
  world.in(world.random.waiting(mean), () => {
    node.isOver = true;
    boot(world, record, kind);
  });
}

/** Reads so that the answer is there at this moment. Right before that comes the last use of the old value. */
function readBy(world: World, node: Node, answerAt: number): void {
  const latency = world.random.between(10, 2000);
  world.at(answerAt - latency * world.random.next(), () => {
    if (node.isOver) return;
    const read = readingOf(node.record, world.now);
    world.at(answerAt, () => answered(world, node, read));
  });
}

function answered(world: World, node: Node, read: Reading | undefined): void {
  if (node.isOver) return;
  const { overlap } = node.record.config;
  const { share } = node.kind;
  if (node.reading) register(world, node, node.reading);
  node.couldNotRead = read === undefined;
  if (read === undefined) readBy(world, node, world.now + Math.min(HOUR, overlap.ms / 3));
  else {
    node.reading = read;
    register(world, node, read);
    if (share !== undefined) readBy(world, node, read.at + overlap.ms * share);
  }
}

function readingOf({ latest, named, values, handVersions }: Runtime, now: number): Reading | undefined {
  if (latest === undefined || named === undefined) return undefined;
  const { diedAt } = values.get(named) ?? { diedAt: 0 };
  const wasDead = diedAt !== undefined && diedAt / 1000 < latest.created + 1;
  return { value: named, at: now, isBadByHand: handVersions.has(latest.id) && wasDead };
}

function register(world: World, node: Node, reading: Reading): void {
  const { record, kind } = node;
  world.count("registrations");
  if (isLive(record, reading.value)) return;
  const excuse = excuseOf(node, reading, world.now);
  world.count(`refused: ${excuse ?? "without an excuse"}`);
  if (excuse !== undefined) return;
  const age = Math.round((world.now - reading.at) / 1000);
  const name = record.nameOf(reading.value);
  world.fail(record, `promise 2: a node that ${kind.name} is refused with ${name}, read ${age} s ago`);
}

/** What killed this very value, where that excuses the refusal. */
function excuseOf({ kind, record, couldNotRead }: Node, reading: Reading, now: number): string | undefined {
  const life = record.values.get(reading.value);
  if (reading.isBadByHand) return "a person wrote it, and it was no live key";
  if (life?.killedBy === "hand") return "a person regenerated it, or deleted its runtime";
  if (life?.killedBy === "compromise") return "declared compromised";
  if (life?.excused) return "a person was at work meanwhile";
  if (now - reading.at <= record.config.overlap.ms) return undefined;
  if ((kind.share ?? 0) > 1) return SELDOM;
  return couldNotRead ? "could not read: a person disabled, deleted or purged the secret" : undefined;
}
