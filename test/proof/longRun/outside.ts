import { AzureError } from "../../../local/azure/model/azureError.ts";
import type { SecretVersion } from "../../../local/azure/model/keyVault.ts";
import { isBegun, orphan } from "./compromise.ts";
import type { RuntimeRecord } from "./record.ts";
import { count } from "./tally.ts";
import type { World } from "./world.ts";

/**
 * Lets somebody change something, and notes what that excuses: for each value, and no other.
 * @param change false where it turns out to be impossible
 */
export function outside(world: World, record: RuntimeRecord, what: string, change: () => unknown): void {
  const { scheduler, tally } = world;
  const before = glance(record);
  const wasBegun = isBegun(record);
  if (!isDone(change)) return;
  count(tally.acts, what);
  record.acts += 1;
  record.settle(scheduler.now, "hand");
  const after = glance(record);
  if (Object.keys(after).some((name) => after[name as keyof Glance] !== before[name as keyof Glance])) {
    record.secretActs += 1;
  }
  // Of a compromise that nothing is done of, both keys are to die, whatever their values.
  if (wasBegun) for (const life of record.lives) life.surrendered = true;
  const named = after.version === before.version ? undefined : record.values.get(record.named ?? "");
  // The app takes it that what is published is not to be killed.
  const pardons = !wasBegun && named?.condemned === true;
  if (pardons) named.pardoned = true;
  if (after.state !== before.state || pardons) orphan(record);
  const seen = `somebody ${what}; ${record.describeSecret()}; ${record.describeKeys()}`;
  record.events.note(scheduler.now, () => seen);
}

function isDone(change: () => unknown): boolean {
  try {
    return change() !== false;
  } catch (error) {
    // The vault refuses people too: more tags than it takes, for one.
    if (error instanceof AzureError) return false;
    throw error;
  }
}

interface Glance {
  readonly version: SecretVersion | undefined;
  readonly tags: unknown;
  readonly enabled: boolean | undefined;
  readonly isDeleted: boolean;
  /** What the next run is told by; it outlasts a deletion. */
  readonly state: string | undefined;
}

function glance(record: RuntimeRecord): Glance {
  const version = record.versions.at(-1);
  return {
    version,
    tags: version?.tags,
    enabled: version?.enabled,
    isDeleted: record.isDeleted,
    state: version && record.isOurs(version) ? version.tags.RotationState : undefined,
  };
}
