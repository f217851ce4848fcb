import { describe, expect } from "vitest";
import type { Intent } from "../../src/plan/rotationState.ts";
import { seen, values, version } from "../support/observed.ts";
import {
  begun,
  compromiseBegun,
  compromiseRegenerated,
  decides,
  due,
  every,
  fingerprints,
  regenerated,
  revocation1,
  revocation2,
  revoked2,
} from "../support/planRows.ts";

describe("check 4", () => {
  const unfinished = {
    action: "publish",
    reason: "unfinished-rotation",
    key: "authKey2",
    superseded: fingerprints.dead,
  } as const;
  decides({
    "a regenerated key that was not published is published": [
      seen(version({ intent: regenerated })),
      ["timer", "on-demand"],
      { ...unfinished, intent: undefined },
    ],
    "an intent whose key is unchanged means nothing": [
      seen(version({ intent: begun })),
      "timer",
      { action: "keep", reason: "not-due" },
    ],
    "an intent whose key is unchanged is overwritten by the next rotation": [
      seen(version({ intent: begun }), due),
      "timer",
      { action: "rotate", reason: "due", key: "authKey2" },
    ],
    "an intent for the published key means nothing": [
      seen(version({ intent: { ...regenerated, key: "authKey1" } })),
      "timer",
      { action: "keep", reason: "not-due" },
    ],
    "before check 5: the regenerated key wins over the one in the tag of a dead value": [
      seen(version({ value: values.dead, intent: regenerated })),
      "timer",
      unfinished,
    ],
    "before check 8: it is finished within the overlap too": [
      seen(version({ intent: regenerated }), "2026-01-01T00:00:02Z"),
      ["timer", "on-demand"],
      unfinished,
    ],
    "before check 7: a compromise's own half is published, and the other half remembered": [
      seen(version({ intent: compromiseRegenerated })),
      ["timer", "on-demand"],
      {
        ...unfinished,
        intent: {
          kind: "revoke",
          key: "authKey1",
          previousFingerprint: fingerprints.live1,
          since: undefined,
        },
      },
    ],
    "a compromise that began long ago does not answer a call: what it minted needs both halves again": [
      seen(version({ intent: { ...compromiseRegenerated, since: Date.parse("2026-01-09T23:50:00Z") } })),
      "compromised",
      { ...unfinished, intent: { kind: "rotate", key: "authKey1", compromised: true, run: "" } as Intent },
    ],
    "a compromise that began just now answers a call: its second half is left": [
      seen(version({ intent: { ...compromiseRegenerated, since: Date.parse("2026-01-09T23:50:01Z") } })),
      "compromised",
      {
        ...unfinished,
        intent: { ...revocation1, since: Date.parse("2026-01-09T23:50:01Z") },
        state: { byCompromise: true, compromisedAt: undefined, earlier: 0, note: undefined },
      },
    ],
    "a compromise declared after an innocent rotation still needs both halves": [
      seen(version({ intent: regenerated })),
      "compromised",
      {
        ...unfinished,
        intent: {
          kind: "rotate",
          key: "authKey1",
          previousFingerprint: fingerprints.live1,
          run: "",
          compromised: true,
          earlier: 0,
          note: undefined,
          since: Date.parse("2026-01-10T00:00:00Z"),
        },
      },
    ],
  });
});

describe("check 5", () => {
  const superseded = values.dead.fingerprint();
  const drift = { action: "publish", reason: "drift", superseded } as const;
  decides({
    "the key in the tag is published when its value was replaced by hand": [
      seen(version({ value: values.dead, credential: "authKey2" })),
      ["timer", "on-demand"],
      { ...drift, key: "authKey2", intent: undefined },
    ],
    "authKey1 is published where no tag names a key": [
      seen(version({ value: values.dead, credential: undefined })),
      "timer",
      { ...drift, key: "authKey1" },
    ],
    "authKey1 is published where the tag names nothing that exists": [
      seen(version({ value: values.dead, credential: "authKey3" })),
      "timer",
      { ...drift, key: "authKey1" },
    ],
    "a live value is no drift, though the tag names the other key": [
      seen(version({ value: values.live2, credential: "authKey1" })),
      "timer",
      { action: "keep", reason: "not-due" },
    ],
    "before check 6: a key that is still to be killed is not the one that is published": [
      seen(version({ value: values.dead, credential: "authKey2", intent: revocation2 })),
      ["timer", "on-demand"],
      { ...drift, key: "authKey1", intent: revocation2 },
    ],
    "before check 7: a compromise is carried on, not satisfied": [
      seen(version({ value: values.dead })),
      "compromised",
      {
        ...drift,
        key: "authKey1",
        intent: {
          kind: "rotate",
          key: "authKey2",
          previousFingerprint: fingerprints.live2,
          run: "",
          compromised: true,
          earlier: 0,
          note: undefined,
          since: Date.parse("2026-01-10T00:00:00Z"),
        },
      },
    ],
    "a pending compromise survives drift on the timer": [
      seen(version({ value: values.dead, intent: compromiseBegun })),
      "timer",
      {
        ...drift,
        intent: {
          kind: "rotate",
          key: "authKey2",
          previousFingerprint: fingerprints.live2,
          run: "",
          compromised: true,
          earlier: 0,
          note: undefined,
          since: undefined,
        },
      },
    ],
    "an innocent intent does not survive it": [
      seen(version({ value: values.dead, intent: begun })),
      "timer",
      { ...drift, intent: undefined },
    ],
    "a kill that is done already does not survive it": [
      seen(version({ value: values.dead, intent: revoked2 })),
      "timer",
      { ...drift, key: "authKey1", intent: undefined },
    ],
    "before checks 8 and 10: drift is repaired at any age": [
      seen(version({ value: values.dead }), due),
      "timer",
      drift,
    ],
    "a value that was an auth key was regenerated by somebody": [
      seen(version({ value: values.dead })),
      "timer",
      { ...drift, message: expect.stringContaining("regenerated that key by hand") },
    ],
    "a value that never was one says nothing about anybody's doing": [
      seen(version({ value: values.password })),
      "timer",
      {
        reason: "drift",
        message: "the secret held something that is not an auth key; the live value of authKey1 is published",
      },
    ],
  });
});

describe("checks 6 and 7", () => {
  decides({
    "a pending revocation regenerates its key, whoever comes": [
      seen(version({ intent: revocation2 }), "2026-01-01T00:09:59Z"),
      every,
      { action: "revoke", reason: "compromised", key: "authKey2" },
    ],
    "before check 8: a revocation does not wait for the overlap": [
      seen(version({ intent: revocation2 }), "2026-01-01T00:00:01Z"),
      ["timer", "on-demand"],
      { action: "revoke", key: "authKey2" },
    ],
    "a revocation of the published key is cleared": [
      seen(version({ intent: revocation1 })),
      ["timer", "on-demand"],
      { action: "clearIntent" },
    ],
    "a revocation whose key has changed is cleared": [
      seen(version({ intent: revoked2 })),
      ["timer", "on-demand"],
      { action: "clearIntent" },
    ],
    "a call that comes within ten minutes finishes what an earlier one began": [
      seen(
        version({ intent: { ...revocation2, since: Date.parse("2026-01-01T00:00:00Z") } }),
        "2026-01-01T00:09:59Z",
      ),
      "compromised",
      { action: "revoke", key: "authKey2" },
    ],
    "a call that comes after ten minutes does its own, whole": [
      seen(
        version({ intent: { ...revocation2, since: Date.parse("2026-01-01T00:00:00Z") } }),
        "2026-01-01T00:10:00Z",
      ),
      "compromised",
      { action: "rotate", reason: "compromised", key: "authKey2", since: Date.parse("2026-01-01T00:10:00Z") },
    ],
    "when an earlier version of the app began it, the age of what it published tells": [
      seen(version({ intent: revocation2 }), "2026-01-01T00:10:00Z"),
      "compromised",
      { action: "rotate", reason: "compromised", key: "authKey2" },
    ],
    "a call is not answered by the revocation of what is published by now": [
      seen(version({ intent: revocation1, byCompromise: true }), "2026-01-01T00:01:00Z"),
      "compromised",
      { action: "rotate", reason: "compromised", key: "authKey2" },
    ],
    "a call that finds the revocation done, though not yet noted, has it noted": [
      seen(version({ intent: revoked2, byCompromise: true }), "2026-01-01T00:01:00Z"),
      "compromised",
      { action: "clearIntent" },
    ],
    "a declared compromise rotates the alternate": [
      seen(version({ value: values.live2 })),
      "compromised",
      { action: "rotate", reason: "compromised", key: "authKey1" },
    ],
    "a pending compromise is begun again by whoever comes": [
      seen(version({ intent: compromiseBegun })),
      every,
      { action: "rotate", reason: "compromised", key: "authKey2" },
    ],
    "before check 8: nor does it where the version has expired within the overlap": [
      seen(version({ expires: "2026-01-01T00:00:01Z" }), "2026-01-01T00:00:02Z"),
      "compromised",
      { action: "rotate", reason: "compromised" },
    ],
    "before check 8: a compromise does not wait for the overlap": [
      seen(version(), "2026-01-01T00:00:01Z"),
      "compromised",
      { action: "rotate", reason: "compromised" },
    ],
  });
});
