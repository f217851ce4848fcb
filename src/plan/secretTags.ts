/** The tags of a secret's version: the convention of dual-credential rotation on Azure (docs/azure.md), and our state. */
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import type { RuntimeId } from "../config/runtimeId.ts";
import { KEY_NAMES, type KeyName, type SecretVersion, type Tags } from "../services.ts";
import { formatState, NO_STATE, type RotationState, readState } from "./rotationState.ts";

/** All tags of a version that this app writes: the three of the convention, its state, and those that others have set. */
export function secretTags(
  foreign: Tags,
  { id, validityDays }: RuntimeConfig,
  key: KeyName,
  state: RotationState,
): Tags {
  return {
    ...foreign,
    CredentialId: key,
    ProviderAddress: id.text,
    ValidityPeriodDays: String(validityDays),
    RotationState: formatState(state),
  };
}

type Tagged = Pick<SecretVersion, "tags">;

/** Whether the version says that it belongs to this runtime. ARM ids come back with changed case. */
export function namesRuntime({ tags }: Tagged, runtime: RuntimeId): boolean {
  return tags.ProviderAddress?.toLowerCase() === runtime.key;
}

/** The key that the version claims to hold; undefined if it claims none. */
export function namedKey({ tags }: Tagged): KeyName | undefined {
  return KEY_NAMES.find((name) => name === tags.CredentialId);
}

/** The same, or `authKey1`, which most estates hand out, if it claims none. */
export function taggedKey(version: Tagged): KeyName {
  return namedKey(version) ?? "authKey1";
}

/** The state tag counts only on a version that names this runtime: copied tags are about another one. */
export function stateOf(version: Tagged, runtime: RuntimeId): RotationState {
  return namesRuntime(version, runtime) ? readState(version.tags.RotationState) : NO_STATE;
}
