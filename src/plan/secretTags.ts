import type { RuntimeConfig } from "../config/config.ts";
import type { KeyName, Secret, Tags } from "../services.ts";
import { formatState, type RotationState, STATE_TAG } from "./rotationState.ts";

/** The tags of a version of ours: the three of the convention, our state, and whatever others have set. */
export function tagsOf(secret: Secret, config: RuntimeConfig, key: KeyName, state: RotationState): Tags {
  return {
    ...(secret.state === "readable" ? secret.tags : {}),
    CredentialId: key,
    ProviderAddress: config.id.text,
    ValidityPeriodDays: String(config.validityDays),
    [STATE_TAG]: formatState(state),
  };
}
