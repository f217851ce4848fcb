import { isLive } from "../shared/sides.ts";
import { DAY, HOUR } from "./scheduler.ts";
import type { Runtime, World } from "./world.ts";

/** Each reads again after this share of the overlap, from one answer to the next; one reads at boot only. */
const SHARES = [1 / 3, 1, undefined, 1.5, 5];

type Reading = NonNullable<ReturnType<typeof readingOf>>;

/** Nodes of every kind, that read the secret and register with what they last read, for as long as it goes on. */
export function addNodes(world: World, record: Runtime): void {
  for (const share of SHARES) boot(world, record, share);
}

/** Forgets everything and reads, until the next boot. */
function boot(world: World, record: Runtime, share: number | undefined): void {
  const { random } = world;
  const overlapMs = record.config.overlap.ms;
  /** Undefined until it could read. */
  let reading: Reading | undefined;
  /** It tried to read since, and a person's act on the secret left nothing to read. */
  let couldNotRead = false;
  let isOver = false;

  // Reads so that the answer is there at this moment. Right before that comes the last use of the old value.
  const readBy = (answerAt: number) => {
    const latency = random.between(10, 2000);
    world.at(answerAt - latency * random.next(), () => {
      const read = isOver ? undefined : readingOf(record, world.now);
      world.at(answerAt, () => isOver || answered(read));
    });
  };
  const answered = (read: Reading | undefined) => {
    if (reading) register(reading);
    couldNotRead = read === undefined;
    reading = read ?? reading;
    if (read === undefined) return readBy(world.now + Math.min(HOUR, overlapMs / 3));
    register(read);
    if (share !== undefined) readBy(read.at + overlapMs * share);
  };
  const register = (used: Reading) => {
    world.count("registrations");
    if (isLive(record, used.value)) return;
    const excuse = excuseOf(used);
    world.count(`refused: ${excuse ?? "without an excuse"}`);
    if (excuse !== undefined) return;
    const [name, age] = [record.nameOf(used.value), Math.round((world.now - used.at) / 1000)];
    const reads = share === undefined ? "at boot only" : `after ${share} of the overlap`;
    world.fail(record, `promise 2: a node that reads ${reads} is refused with ${name}, read ${age} s ago`);
  };
  // What killed this very value, where that excuses the refusal.
  const excuseOf = ({ value, at, isBadByHand }: Reading) => {
    const life = record.values.get(value);
    if (isBadByHand) return "a person wrote it, and it was no live key";
    if (life?.killedBy === "hand") return "a person regenerated it, or deleted its runtime";
    if (life?.killedBy === "compromise") return "declared compromised";
    if (life?.excused) return "a person was at work meanwhile";
    if (world.now - at <= overlapMs) return undefined;
    if ((share ?? 0) > 1) return "it read too seldom";
    return couldNotRead ? "could not read: a person disabled, deleted or purged the secret" : undefined;
  };

  readBy(world.now + random.between(10, 2000));
  // Who reads at boot only has to boot more often.
  world.in(random.waiting(share === undefined ? 3 * DAY : 45 * DAY), () => {
    isOver = true;
    boot(world, record, share);
  });
}

/** What a node reads now, and of which moment that is. */
function readingOf({ latest, named, values, handVersions }: Runtime, now: number) {
  if (latest === undefined || named === undefined) return undefined;
  const { diedAt } = values.get(named) ?? { diedAt: 0 };
  const wasDead = diedAt !== undefined && diedAt / 1000 < latest.created + 1;
  // A person wrote it into the secret, and it was dead or no key then.
  const isBadByHand = handVersions.has(latest.id) && wasDead;
  return { value: named, at: now, isBadByHand };
}
