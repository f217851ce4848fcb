import { KeyValue } from "../../src/keyValue.ts";
import { type Observation, observation, observedSecret } from "../../src/plan/observation.ts";
import { formatState, type Intent, NO_STATE } from "../../src/plan/rotationState.ts";
import type { Secret } from "../../src/services.ts";
import { configOf, idOf } from "./runtime.ts";

/** Values as the runtime `alpha` has them; the dead ones were its keys once. */
export const values = {
  live1: new KeyValue("IR@guid-of-alpha@contoso@FAKE-live-1"),
  live2: new KeyValue("IR@guid-of-alpha@contoso@FAKE-live-2"),
  dead: new KeyValue("IR@guid-of-alpha@contoso@FAKE-dead"),
  ofOtherRuntime: new KeyValue("IR@guid-of-beta@contoso@FAKE"),
  password: new KeyValue("FAKE-password-of-a-database"),
};

export const keys = { authKey1: values.live1, authKey2: values.live2 };

export const alive = { state: "self-hosted", keys } as const;

interface Version {
  value?: KeyValue;
  created?: string;
  expires?: string;
  provider?: string | undefined;
  credential?: string | undefined;
  intent?: Intent;
  superseded?: string;
  byCompromise?: boolean;
  state?: string;
  foreign?: Record<string, string>;
}

/** A version of this app's that holds authKey1, published at the beginning of 2026, and what differs from that. */
export function version(different: Version = {}): Extract<Secret, { state: "readable" }> {
  const { value = values.live1, created = "2026-01-01T00:00:00Z", expires } = different;
  const { intent, superseded, byCompromise = false } = different;
  const provider = "provider" in different ? different.provider : idOf("alpha");
  const credential = "credential" in different ? different.credential : "authKey1";
  const says = { ...NO_STATE, intent, superseded, byCompromise };
  const state = different.state ?? (intent || superseded || byCompromise ? formatState(says) : undefined);
  return {
    state: "readable",
    version: "v1",
    value,
    tags: {
      ...different.foreign,
      ...(provider === undefined ? {} : { ProviderAddress: provider }),
      ...(credential === undefined ? {} : { CredentialId: credential }),
      ...(state === undefined ? {} : { RotationState: state }),
    },
    createdOn: Date.parse(created),
    expiresOn: expires === undefined ? undefined : Date.parse(expires),
  };
}

export function seen(
  secret: Secret,
  now = "2026-01-10T00:00:00Z",
  runtime: Observation["runtime"] = alive,
): Observation {
  return observation(observedSecret(configOf().id, secret, Date.parse(now)), runtime);
}
