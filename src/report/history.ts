/** The versions of a secret, as the status reports them. */
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import { instant } from "../plan/schedule.ts";
import { namedKey, stateOf } from "../plan/secretTags.ts";
import type { KeyName, SecretVersionProperties } from "../services.ts";

/** What the version does not say is null. */
export interface VersionReport {
  readonly version: string;
  readonly publishedAt: string;
  readonly key: KeyName | null;
  /** Why it was published. */
  readonly reason: string | null;
  readonly enabled: boolean;
}

/** Two years of monthly rotations. */
const MOST_VERSIONS = 24;

/** @param latest which version is the latest: times cannot tell, because they have whole seconds */
export function historyOf(
  versions: readonly SecretVersionProperties[],
  { id }: RuntimeConfig,
  latest: string | undefined,
): readonly VersionReport[] {
  return versions
    .toSorted(
      (a, b) => b.createdOn - a.createdOn || Number(b.version === latest) - Number(a.version === latest),
    )
    .slice(0, MOST_VERSIONS)
    .map(({ version, createdOn, tags, enabled }) => ({
      version,
      publishedAt: instant(createdOn),
      key: namedKey({ tags }) ?? null,
      reason: reasonOf({ tags }, id),
      enabled,
    }));
}

function reasonOf(version: Pick<SecretVersionProperties, "tags">, id: RuntimeConfig["id"]): string | null {
  try {
    return stateOf(version, id).reason ?? null;
  } catch {
    // Written by a newer version of this app.
    return null;
  }
}
