import type { SecretVersion } from "../../../local/azure/model/keyVault.ts";
import { otherKey } from "../../../src/services.ts";
import { fingerprintOf, isForeign, isLive, latestOf } from "../shared/sides.ts";
import { isOfCompromise, stateOf, type WrittenIntent } from "../shared/stateTag.ts";
import type { World } from "./world.ts";

/** How long a compromise answers for the next call, in milliseconds (ten minutes). */
const ANSWERS_FOR = 600_000;

/**
 * What a compromise call declares: all that lives, or what is left of a compromise that it finds unfinished. The
 * secret tells that too where two writers did not know of each other and the record is lost.
 */
export function declaredIn(world: World): readonly string[] {
  const { condemned, live, now } = world;
  const both = [live.authKey1, live.authKey2];
  const latest = latestOf(world);
  if (latest === undefined || isForeign(world, latest)) return both;
  const { intent, compromised } = stateOf(latest.tags);
  const isRecent = (seconds: number) => now - seconds * 1000 < ANSWERS_FOR;
  if (!isOfCompromise(intent)) {
    const isDone = compromised === true && isRecent(latest.created + 1) && isLive(world, latest.value);
    return isDone ? condemned : both;
  }
  if (intent === undefined) return both;
  const since = intent.since ?? (intent.kind === "kill" ? latest.created : 0);
  if (!isRecent(since)) return both;
  const changed = fingerprintOf(live[intent.key]) !== intent.was;
  const left = condemned.length > 0 ? () => condemned : (values: readonly string[]) => values;
  if (intent.kind === "kill" && live[intent.key] === latest.value) return both;
  if (intent.kind === "kill") return changed ? condemned : left([live[intent.key]]);
  return changed ? left([live[otherKey(intent.key)]]) : both;
}

/** Whether a version owes a part of a compromise. */
export function owesCompromise(version: SecretVersion | undefined): boolean {
  return isOfCompromise(intentOf(version));
}

export function intentOf(version: SecretVersion | undefined): WrittenIntent | undefined {
  return stateOf(version?.tags).intent;
}
