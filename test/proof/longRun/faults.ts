import type { MemoryOperation } from "../../support/memoryServices.ts";
import { serviceOf } from "../shared/serviceErrors.ts";
import type { Turn } from "./instance.ts";
import type { World } from "./world.ts";

/** How often a call goes wrong, far above real life, by what it is. */
const rates = { slow: 0.003, ofIdleRead: 0.003, ofRead: 0.015, ofWrite: 0.06, ofLease: 0.02 };
/** How long the effect of a call that was given up on may take at most. */
const LATE_MS = 45_000;

/** What becomes of one call: when it takes effect, and what its caller learns when. */
export interface Course {
  /** Undefined: never. */
  readonly effectAt: number | undefined;
  /** When the caller gets its answer, or its process ends. */
  readonly answerAt: number;
  /** What it fails with; an undefined status is an answer that never comes. */
  readonly failure?: { readonly status: number | undefined; readonly code?: string | undefined } | undefined;
  /** What the summary calls it; undefined where all goes well. */
  readonly fault?: string | undefined;
  readonly dies?: boolean | undefined;
  /** Some clients repeat a request whose answer they did not get. */
  readonly twice?: boolean;
}

interface Fault {
  readonly fault: string;
  /** How often it strikes a write, and how often a read. */
  readonly weights: readonly [write: number, read: number];
  readonly effect: "never" | "as usual" | "before the answer" | "late";
  /** What the caller may see, where that is not the usual answer. */
  readonly statuses?: readonly (number | undefined)[];
  readonly code?: string;
  readonly dies?: boolean;
}

/** Only Azure Resource Manager says 404 where something is not as it should be. */
const REFUSALS = [400, 401, 403, 404, 429];
/** The service did not carry it out, or cannot say so. */
const FAILURES = [500, 502, 503, 504, 408, undefined, undefined];
/** What a caller sees whose request may still be on its way. */
const ON_ITS_WAY = [202, 408, 502, 503, 504, undefined, undefined];
const CUT_SHORT = { statuses: [undefined], code: "PARSE_ERROR" };
const TWICE = "carried out twice";

const faults: readonly Fault[] = [
  { fault: "refused", weights: [2, 2], effect: "never", statuses: REFUSALS },
  { fault: "failed before its effect", weights: [4, 4], effect: "never", statuses: FAILURES },
  { fault: "failed after its effect", weights: [4, 0], effect: "before the answer", statuses: FAILURES },
  { fault: "answer cut short", weights: [1, 1], effect: "as usual", ...CUT_SHORT },
  { fault: "late effect", weights: [4, 0], effect: "late", statuses: ON_ITS_WAY },
  { fault: TWICE, weights: [1, 0], effect: "as usual" },
  { fault: "killed before the effect", weights: [2, 1], effect: "never", dies: true },
  { fault: "killed after the effect", weights: [3, 0], effect: "before the answer", dies: true },
  { fault: "killed, late effect", weights: [2, 0], effect: "late", dies: true },
];

/** @param limitMs how long the caller is ready to wait */
export function courseOf(world: World, turn: Turn, operation: MemoryOperation, limitMs: number): Course {
  const { random, now, outage, calm } = world;
  const isSlow = !calm && (turn.pace === "slow" || random.chance(rates.slow));
  const [least, most] = isSlow ? ([1000, 9500] as const) : times[turn.pace];
  const takes = random.between(least, most);
  const patience = Math.min(limitMs, patienceOf(operation));
  const usual: Course = {
    effectAt: now + takes * random.next(),
    answerAt: now + Math.min(takes, patience),
    failure: takes > patience ? { status: undefined } : undefined,
    fault: isSlow ? "slow" : undefined,
  };
  if (calm) return usual;
  const failedAt = (status: number | undefined, at: number) => (status === undefined ? now + patience : at);
  if (outage && outage.until > now && [serviceOf(operation), operation].includes(outage.of)) {
    const answerAt = failedAt(outage.status, usual.answerAt);
    return { effectAt: undefined, answerAt, failure: outage, fault: "outage" };
  }
  if (!random.chance(rateOf(turn, operation))) return usual;
  const one = random.weighted(faults, ({ weights }) => weights[isRead(operation) ? 1 : 0]);
  const { fault, effect, statuses, code, dies } = one;
  // A process that works on many is not killed more often than others, or hardly a tick would end.
  if (dies && random.chance(1 - 20 / world.records.length)) return usual;
  const isArm = serviceOf(operation) === "Azure Resource Manager";
  const status = random.pick(statuses?.filter((each) => isArm || each !== 404) ?? []);
  const isTold = statuses && code === undefined;
  const answerAt = isTold ? failedAt(status, now + random.between(20, patience)) : usual.answerAt;
  const effectAt = {
    never: undefined,
    "as usual": usual.effectAt,
    "before the answer": random.between(now, answerAt),
    late: lateAfter(world, turn, answerAt),
  }[effect];
  const twice = fault === TWICE && ["addVersion", "setTags"].includes(operation);
  return { effectAt, answerAt, failure: statuses ? { status, code } : usual.failure, fault, dies, twice };
}

const times = { quick: [2, 50], usual: [20, 500], slow: [1000, 9500] } as const;

const READS = ["getKind", "getStatus", "listAuthKeys", "getLatest", "getValue", "listVersions"];

export function isRead(operation: MemoryOperation): boolean {
  return READS.includes(operation);
}

/**
 * When a late effect comes: while the lease that its run held would still hold. What comes later than
 * that is what DESIGN.md does not promise anything about, and is left out.
 */
function lateAfter({ random, leases }: World, { holder, record }: Turn, after: number): number {
  const lease = leases.get(record.config.id.key);
  if (lease === undefined || lease.holder !== holder) return after + random.between(1, 5000);
  const latest = Math.min(after + LATE_MS, lease.until - 1);
  return latest > after ? random.between(after, latest) : latest;
}

function rateOf({ holder }: Turn, operation: MemoryOperation): number {
  if (operation.endsWith("Lease")) return rates.ofLease;
  if (!isRead(operation)) return rates.ofWrite;
  return holder === undefined ? rates.ofIdleRead : rates.ofRead;
}

/** The longest that the adapters wait: one attempt of a regenerate and of a lease, two of the rest. */
function patienceOf(operation: MemoryOperation): number {
  if (operation === "regenerateAuthKey") return 15_000;
  return operation.endsWith("Lease") ? 10_000 : 20_000;
}
