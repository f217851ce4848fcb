import { expect, test } from "vitest";
import type { Decision } from "../../src/plan/decision.ts";
import type { Observation } from "../../src/plan/observation.ts";
import { plan } from "../../src/plan/plan.ts";
import type { Intent } from "../../src/plan/rotationState.ts";
import type { RequestKind } from "../../src/plan/runRequest.ts";
import { values } from "./observed.ts";
import { configOf } from "./runtime.ts";

/** What is seen, why it is looked at (or each of several reasons), and what the plan must say. */
export type Row = [
  observation: Observation,
  requests: RequestKind | RequestKind[],
  expected: Partial<Decision>,
];

export const every: RequestKind[] = ["timer", "on-demand", "compromised"];

/** Later than `rotateEvery` after the version that `version()` makes. */
export const due = "2026-02-01T00:00:00Z";

/** One test for each row; its sentence is the name. */
export function decides(rows: Record<string, Row>): void {
  test.for(Object.entries(rows))("%s", ([, [observation, requests, expected]]) => {
    for (const request of [requests].flat()) {
      expect(plan(observation, configOf(), request), request).toMatchObject(expected);
    }
  });
}

/** Fingerprints: of both live values, and of one that is live no more. */
export const fingerprints = {
  live1: values.live1.fingerprint(),
  live2: values.live2.fingerprint(),
  dead: "0123456789abcdef",
};

const rotating = {
  kind: "rotate",
  run: "run-1",
  compromised: false,
  earlier: 0,
  note: undefined,
  since: undefined,
} as const;

/** authKey2 was to be regenerated, and nothing has come of it. */
export const begun: Intent = { ...rotating, key: "authKey2", previousFingerprint: fingerprints.live2 };

/** authKey2 was to be regenerated, and it has happened. */
export const regenerated: Intent = { ...rotating, key: "authKey2", previousFingerprint: fingerprints.dead };

export const compromiseBegun = { ...begun, compromised: true } as Intent;
export const compromiseRegenerated = { ...regenerated, compromised: true } as Intent;
const revoking = { kind: "revoke", key: "authKey2", since: undefined } as const;
export const revocation2: Intent = { ...revoking, previousFingerprint: fingerprints.live2 };
export const revocation1: Intent = {
  ...revoking,
  key: "authKey1",
  previousFingerprint: fingerprints.live1,
};
export const revoked2: Intent = { ...revoking, previousFingerprint: fingerprints.dead };
