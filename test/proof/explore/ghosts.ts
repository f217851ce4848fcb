import type { SecretVersion } from "../../../local/azure/model/keyVault.ts";
import type { MemoryOperation } from "../../support/memoryServices.ts";
import { changedKey, isLive, latestOf } from "../shared/sides.ts";
import type { Ghost } from "./promises.ts";
import { intentOf, owesCompromise } from "./reading.ts";
import type { World } from "./world.ts";

/** Brings what the promises are told by up to date after an effect: of a run's call, or of a person (no ghost). */
export function settle(
  before: World,
  after: World,
  ghost?: Ghost,
  operation?: MemoryOperation,
  isLate = false,
): World {
  if (
    before.live === after.live &&
    before.versions === after.versions &&
    before.isDeleted === after.isDeleted
  ) {
    return after;
  }
  const old = latestOf(before);
  const latest = latestOf(after);
  const superseded: Record<string, number> = { ...before.superseded };
  if (old && old.value !== latest?.value) superseded[old.value] = after.now;
  if (latest) delete superseded[latest.value];
  for (const value of Object.keys(superseded)) if (!isLive(after, value)) delete superseded[value];

  const key = changedKey(before, after);
  const pending = intentOf(old)?.kind;
  // What comes late without an intent for it is nobody's to publish.
  const isToPublish = isLate ? pending === "rotate" : pending !== "kill";
  const toPublish = ghost !== undefined && key !== undefined && isToPublish;
  const minted = toPublish ? [after.live[key]] : [];
  const unpublished = [...before.unpublished, ...minted].filter(
    (value) => isLive(after, value) && value !== latest?.value,
  );

  const begun = ghost && (operation === "setTags" || operation === "addVersion") ? ghost.declared : [];
  const alive = (values: readonly string[]) => [...new Set(values)].filter((value) => isLive(after, value));
  const given = alive([...before.surrendered, ...begun]);
  const isCompromise = given.length > 0 || before.condemned.length > 0 || ghost?.request === "compromised";
  const surrendered = isCompromise ? alive([...given, ...owedBy(latest, after)]) : given;
  if (!after.excuses.includes(6) && !after.excuses.includes("verified")) {
    const condemned = alive([...before.condemned, ...begun]);
    return { ...after, superseded, unpublished, condemned, surrendered };
  }
  // Two writers that do not know of each other can overwrite what one of them owes, and a listing that is out of
  // date can hide it: a compromise is then done over, whatever keys it finds.
  const { authKey1, authKey2 } = after.live;
  const isDoneOver = isCompromise || owesCompromise(old) || owesCompromise(latest);
  return {
    ...after,
    superseded,
    unpublished: [],
    condemned: [],
    surrendered: isDoneOver ? [authKey1, authKey2] : surrendered,
  };
}

/** What a version says that a compromise has yet to regenerate: more than was declared, where a person interfered. */
function owedBy(latest: SecretVersion | undefined, { live }: World): readonly string[] {
  const intent = intentOf(latest);
  if (intent?.kind === "kill") return [live[intent.key]];
  return intent?.compromised ? [live.authKey1, live.authKey2] : [];
}
