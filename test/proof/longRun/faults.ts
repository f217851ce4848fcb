import type { MemoryOperation } from "../../support/memoryServices.ts";
import { serviceOf } from "../../support/serviceErrors.ts";
import { TAKES, type Turn } from "./runs.ts";

/** What becomes of one call: when it takes effect, and what its caller learns when. */
interface Course {
  /** Undefined: never. */
  readonly effectAt: number | undefined;
  /** When the caller gets its answer, or its process ends. */
  readonly answerAt: number;
  /** What it fails with; an undefined status is an answer that never comes, or none that can be read. */
  readonly failure: { readonly status: number | undefined; readonly code?: string } | undefined;
  /** What the summary calls it; undefined where all goes well. */
  readonly fault: string | undefined;
  readonly dies?: boolean;
  /** Some clients repeat a request whose answer they did not get. */
  readonly twice?: boolean;
}

/** Only Azure Resource Manager says 404 where something is not as it should be. */
const REFUSALS = [400, 401, 403, 404, 429];
/** The service did not carry it out, or cannot say so. */
const FAILURES = [500, 502, 503, 504, 408, undefined, undefined];
/** What a caller sees whose request may still be on its way. */
const ON_ITS_WAY = [202, 408, 502, 503, 504, undefined, undefined];

/** How often each strikes, when the effect comes, and what the caller sees, if not the usual answer. */
const faults: readonly (readonly [
  fault: string,
  ofWrite: number,
  ofRead: number,
  effect: "never" | "as usual" | "before the answer" | "late",
  statuses?: readonly (number | undefined)[],
])[] = [
  ["refused", 2, 2, "never", REFUSALS],
  ["failed before its effect", 4, 4, "never", FAILURES],
  ["failed after its effect", 4, 0, "before the answer", FAILURES],
  ["late effect", 4, 0, "late", ON_ITS_WAY],
  ["answer cut short", 1, 1, "as usual"],
  ["carried out twice", 1, 0, "as usual"],
  ["killed before the effect", 2, 1, "never"],
  ["killed after the effect", 3, 0, "before the answer"],
  ["killed, late effect", 2, 0, "late"],
];

/** @param limitMs how long the caller is ready to wait */
export function courseOf(turn: Turn, operation: MemoryOperation, limitMs: number): Course {
  const { random, now, outage, calm, records } = turn.run.world;
  const isSlow = !calm && (turn.takes === TAKES.slow || random.chance(0.003));
  const [least, most] = isSlow ? TAKES.slow : turn.takes;
  const takes = random.between(least, most);
  // The longest that the adapters wait: one attempt of a regenerate and of a lease, two of the rest.
  const longest = operation === "regenerateAuthKey" ? 15_000 : operation.endsWith("Lease") ? 10_000 : 20_000;
  const patience = Math.min(limitMs, longest);
  const usual: Course = {
    effectAt: now + takes * random.next(),
    answerAt: now + Math.min(takes, patience),
    failure: takes > patience ? { status: undefined } : undefined,
    fault: isSlow ? "slow" : undefined,
  };
  if (calm) return usual;
  const answered = (status: number | undefined, at: number) => (status === undefined ? now + patience : at);
  if (outage && outage.until > now && [serviceOf(operation), operation].includes(outage.of)) {
    const answerAt = answered(outage.status, usual.answerAt);
    return { effectAt: undefined, answerAt, failure: outage, fault: "outage" };
  }
  if (!random.chance(rateOf(turn, operation))) return usual;
  const struck = random.weighted(faults, ([, ofWrite, ofRead]) => (isRead(operation) ? ofRead : ofWrite));
  const [fault, , , effect, statuses] = struck;
  const dies = fault.startsWith("killed");
  // A process that works on many is not killed more often than others, or hardly a tick would end.
  if (dies && random.chance(1 - 20 / records.length)) return usual;
  const isArm = serviceOf(operation) === "Azure Resource Manager";
  const status = random.pick(statuses?.filter((each) => isArm || each !== 404) ?? []);
  const answerAt = statuses ? answered(status, now + random.between(20, patience)) : usual.answerAt;
  const effectAt = {
    never: undefined,
    "as usual": usual.effectAt,
    "before the answer": random.between(now, answerAt),
    late: lateAfter(turn, answerAt),
  }[effect];
  const cut = fault === "answer cut short" ? { status: undefined, code: "PARSE_ERROR" } : usual.failure;
  const twice = fault === "carried out twice" && ["addVersion", "setTags"].includes(operation);
  return { effectAt, answerAt, failure: statuses ? { status } : cut, fault, dies, twice };
}

export function isRead(operation: MemoryOperation): boolean {
  return /^(get|list)/.test(operation);
}

/**
 * When a late effect comes: within 45 s, and while the lease that its run held would still hold. What comes later than
 * that is what DESIGN.md does not promise anything about, and is left out.
 */
function lateAfter({ run, holder, record }: Turn, after: number): number {
  const { random, leases } = run.world;
  const lease = leases.get(record.config.id.key);
  if (lease === undefined || lease.holder !== holder) return after + random.between(1, 5000);
  const latest = Math.min(after + 45_000, lease.until - 1);
  return latest > after ? random.between(after, latest) : latest;
}

/** How often a call goes wrong, far above real life. */
function rateOf({ holder }: Turn, operation: MemoryOperation): number {
  if (operation.endsWith("Lease")) return 0.02;
  if (!isRead(operation)) return 0.06;
  return holder === undefined ? 0.003 : 0.015;
}
