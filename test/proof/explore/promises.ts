import type { KeyName } from "../../../src/services.ts";
import type { MemoryOperation } from "../../support/memoryServices.ts";
import { brokenByDisabling, brokenByRegenerate, brokenInVault, Violation } from "../shared/checkWrite.ts";
import type { RequestKind } from "../shared/run.ts";
import { changedKey, isLive, latestOf, namesDeadKey } from "../shared/sides.ts";
import type { Pending } from "./execution.ts";
import type { App, Excuse, World } from "./world.ts";

/** What the promises need to know of one run. */
export interface Ghost {
  readonly request: RequestKind;
  readonly app: App;
  /** Live values that a compromise call, as it took the lease, declared known to others. */
  readonly declared: readonly string[];
  /** Whether the vault has taken a write of this run. */
  readonly wrote: boolean;
  /** Whether a version that this run wrote held a dead value as it was written. */
  readonly wroteDead: boolean;
  readonly regenerated: readonly KeyName[];
  /** Whether no other run was alive while it was. */
  readonly alone: boolean;
}

/** Of a run that has done nothing yet. */
export const UNTOUCHED = {
  declared: [],
  wrote: false,
  wroteDead: false,
  regenerated: [],
  alone: true,
} as const;

/** Checks the effect of one call of a run. `late`: it came after its run had given up on it. */
export function checkEffect(...effect: Parameters<typeof broken>): Violation | undefined {
  const [, after] = effect;
  for (const violation of broken(...effect)) {
    if (!after.excuses.includes(violation.promise as Excuse)) return violation;
  }
  return undefined;
}

function* broken(
  before: World,
  after: World,
  ghost: Ghost,
  slot: number,
  operation: MemoryOperation,
  late: boolean,
): Generator<Violation> {
  const writes = ["setTags", "addVersion", "disable", "regenerateAuthKey"].includes(operation);
  if (!writes) return;
  const lease = before.leases[ghost.app];
  if (!late && (lease?.slot !== slot || lease.until <= before.now)) {
    yield new Violation(6, `${operation} without holding the lease`);
  }
  const { request, declared, wrote, regenerated } = ghost;
  const writer = { isTimer: request === "timer", wrote, regenerated };
  const key = changedKey(before, after);
  if (key !== undefined) {
    const value = before.live[key];
    const killed = {
      supersededAt: before.superseded[value],
      isOwed: before.surrendered.includes(value) || declared.includes(value),
      isUnpublished: before.unpublished.includes(value),
    };
    yield* brokenByRegenerate(before, key, killed, writer, before.now);
  }
  yield* brokenByDisabling(before, after);
  yield* brokenInVault(before, after, writer.isTimer && before.offline !== undefined);
  if (!namesDeadKey(before) && namesDeadKey(after)) {
    yield new Violation(1, `${operation} makes the vault name a dead key`);
  }
}

/** Checks what a run says of itself at its end. `undisturbed`: there was no outside act. */
export function checkEnd(
  world: World,
  ghost: Ghost,
  end: Pending,
  undisturbed: boolean,
): Violation | undefined {
  if (end.kind === "threw") return new Violation(7, `the whole run threw: ${end.message}`);
  if (end.kind !== "over") return undefined;
  if (end.reason === "bug") return new Violation(7, "an unforeseen error stopped the run");
  if (end.leak) return new Violation(9, "a key value is in what the run returns or logs");
  const done = end.outcome === "rotated" || end.outcome === "published";
  if (done && ghost.wroteDead && namesDeadKey(world) && !world.excuses.includes("verified")) {
    return new Violation(1, `the run says ${end.outcome} after it published a dead value`);
  }
  if (!undisturbed) return undefined;
  if (end.outcome === "rotated" && ghost.declared.some((value) => isLive(world, value))) {
    return new Violation(2, "the compromise call says rotated, and a value that it declared still lives");
  }
  const latest = latestOf(world);
  if (ghost.alone && end.publishedKey !== undefined && latest?.value !== world.live[end.publishedKey]) {
    return new Violation(5, `the run says ${end.publishedKey} is published, which it is not`);
  }
  return undefined;
}
