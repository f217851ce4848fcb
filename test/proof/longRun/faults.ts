import type { MemoryOperation } from "../../support/memoryServices.ts";
import { type Service, serviceOf } from "../shared/serviceErrors.ts";
import { rates } from "./triggers.ts";
import type { Turn, World } from "./world.ts";

/** What becomes of one call: when it takes effect, and what its caller learns when. */
export interface Course {
  /** Undefined: never. */
  readonly effectAt: number | undefined;
  /** Some clients repeat a request whose answer they did not get. */
  readonly twice: boolean;
  /** What it fails with; an undefined status is an answer that never comes. */
  readonly failure: { readonly status: number | undefined; readonly code?: string } | undefined;
  /** When the caller gets its answer, or its process ends. */
  readonly answerAt: number;
  readonly dies: boolean;
  /** What the summary calls it; undefined where all goes well. */
  readonly fault: string | undefined;
}

const REFUSALS = [400, 401, 403, 429];
/** The service did not carry it out, or cannot say so. */
const FAILURES = [500, 502, 503, 504, 408, undefined, undefined];
/** What a caller sees whose request may still be on its way. */
const STILL_ON_ITS_WAY = [202, 408, 502, 503, 504, undefined, undefined];
/** How long the effect of a call that was given up on may take at most. */
const LATE_MS = 45_000;

const READS: readonly string[] = "getKind getStatus listAuthKeys getLatest getValue listVersions".split(" ");

export function isRead(operation: MemoryOperation): boolean {
  return READS.includes(operation);
}

/** @param limitMs how long the caller is ready to wait */
export function courseOf(world: World, turn: Turn, operation: MemoryOperation, limitMs: number): Course {
  const { random, scheduler, outage } = world;
  const { now } = scheduler;
  const patience = Math.min(limitMs, patienceOf(operation));
  const isSlow = !world.calm && (turn.pace === "slow" || random.chance(rates.slow));
  const takes = isSlow
    ? random.between(1000, 9500)
    : turn.pace === "quick"
      ? random.between(2, 50)
      : random.between(20, 500);
  const soon = Math.min(takes, patience);
  const effectAt = now + takes * random.next();
  const usual = {
    twice: false,
    failure: takes > patience ? { status: undefined } : undefined,
    answerAt: now + soon,
    dies: false,
    fault: isSlow ? "slow" : undefined,
  };
  if (world.calm) return { ...usual, effectAt };
  if (outage && outage.until > now && isOut(outage.of, operation)) {
    const answerAt = outage.status === undefined ? now + patience : now + soon;
    return { ...usual, effectAt: undefined, answerAt, failure: outage, fault: "outage" };
  }
  if (!random.chance(rateOf(turn, operation))) return { ...usual, effectAt };

  const kind = random.weighted(isRead(operation) ? readFaults : writeFaults);
  // A process that works on many is not killed more often than others, or hardly a tick would end.
  const spared = Math.max(0, 1 - 20 / world.records.length);
  if (kind.startsWith("killed") && random.chance(spared)) return { ...usual, effectAt };
  const given = random.pick(kind === "late effect" ? STILL_ON_ITS_WAY : FAILURES);
  const failedAt = given === undefined ? now + patience : now + random.between(20, patience);
  const fault = kind;
  const failure = { status: given };
  switch (kind) {
    case "refused": {
      const status = random.pick(
        serviceOf(operation) === "Azure Resource Manager" ? [...REFUSALS, 404] : REFUSALS,
      );
      return { ...usual, effectAt: undefined, failure: { status }, fault };
    }
    case "failed before its effect":
      return { ...usual, effectAt: undefined, failure, answerAt: failedAt, fault };
    case "failed after its effect":
      return { ...usual, effectAt: random.between(now, failedAt), failure, answerAt: failedAt, fault };
    case "answer cut short":
      return { ...usual, effectAt, failure: { status: undefined, code: "PARSE_ERROR" }, fault };
    case "late effect": {
      const late = lateAfter(world, turn, failedAt);
      return { ...usual, effectAt: late, failure, answerAt: failedAt, fault };
    }
    case "carried out twice":
      return { ...usual, effectAt, twice: operation === "addVersion" || operation === "setTags", fault };
    case "killed before the effect":
      return { ...usual, effectAt: undefined, dies: true, fault };
    case "killed after the effect":
      return { ...usual, effectAt: Math.min(effectAt, now + soon), dies: true, fault };
    case "killed, late effect":
      return { ...usual, effectAt: lateAfter(world, turn, now + soon), dies: true, fault };
  }
}

const writeFaults = {
  refused: 2,
  "failed before its effect": 4,
  "failed after its effect": 4,
  "answer cut short": 1,
  "late effect": 4,
  "carried out twice": 1,
  "killed before the effect": 2,
  "killed after the effect": 3,
  "killed, late effect": 2,
};

const none = {
  "failed after its effect": 0,
  "late effect": 0,
  "carried out twice": 0,
  "killed after the effect": 0,
};
const readFaults: typeof writeFaults = {
  ...writeFaults,
  ...none,
  "killed before the effect": 1,
  "killed, late effect": 0,
};

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
  if (operation.endsWith("Lease")) return rates.faultOfLease;
  if (!isRead(operation)) return rates.faultOfWrite;
  return holder === undefined ? rates.faultOfIdleRead : rates.faultOfRead;
}

/** The longest that the adapters wait: one attempt of a regenerate and of a lease, two of the rest. */
function patienceOf(operation: MemoryOperation): number {
  if (operation === "regenerateAuthKey") return 15_000;
  return operation.endsWith("Lease") ? 10_000 : 20_000;
}

function isOut(of: Service | "new versions", operation: MemoryOperation): boolean {
  return of === "new versions" ? operation === "addVersion" : of === serviceOf(operation);
}
