import { describe, expect, test } from "vitest";
import { KeyValue } from "../../src/keyValue.ts";
import { plan } from "../../src/plan/plan.ts";
import { alive, keys, seen, values, version } from "../support/observed.ts";
import {
  compromiseBegun,
  decides,
  due,
  every,
  fingerprints,
  regenerated,
  revocation2,
} from "../support/planRows.ts";
import { configOf, idOf } from "../support/runtime.ts";

const missing = { state: "missing" } as const;
const disabled = { state: "disabled" } as const;
const notOurs = version({ value: values.password, provider: idOf("beta") });

describe("check 1", () => {
  decides({
    "a runtime that Azure does not know blocks": [
      seen(version(), due, { state: "missing" }),
      every,
      { action: "block", reason: "runtime-missing" },
    ],
    "a managed runtime has no keys and blocks": [
      seen(missing, due, { state: "managed" }),
      every,
      { action: "block", reason: "runtime-not-self-hosted" },
    ],
    "a runtime of another factory blocks": [
      seen(missing, due, { state: "linked" }),
      every,
      { action: "block", reason: "runtime-linked" },
    ],
    "before check 2: a missing runtime is told before its disabled secret": [
      seen(disabled, due, { state: "missing" }),
      every,
      { action: "block", reason: "runtime-missing" },
    ],
  });
});

describe("check 2", () => {
  decides({
    "a disabled latest version blocks": [
      seen(disabled),
      every,
      { action: "block", reason: "secret-disabled" },
    ],
    "something else of somebody else is not ours": [
      seen(notOurs),
      every,
      { action: "block", reason: "secret-not-ours" },
    ],
    "something else without any tag is not ours": [
      seen(version({ value: values.password, provider: undefined })),
      every,
      { action: "block", reason: "secret-not-ours" },
    ],
    "another runtime's key is not ours": [
      seen(version({ value: values.ofOtherRuntime, provider: idOf("beta") })),
      every,
      { action: "block", reason: "secret-not-ours" },
    ],
    "before check 4: copied tags with an unfinished rotation do not make it ours": [
      seen(version({ value: values.password, provider: idOf("beta"), intent: regenerated })),
      every,
      { action: "block", reason: "secret-not-ours" },
    ],
    "whatever it holds, a version that names this runtime is ours": [
      seen(version({ value: values.password })),
      "timer",
      { action: "publish", reason: "drift" },
    ],
    "a value that begins like this runtime's keys is ours, though it names another": [
      seen(version({ value: values.dead, provider: idOf("beta") })),
      "timer",
      { action: "publish", reason: "drift" },
    ],
  });
});

describe("check 3", () => {
  const first = { action: "publish", reason: "first-contact", superseded: undefined } as const;
  const foreign = version({ value: values.live2, provider: undefined, credential: undefined });
  const old = { authKey1: new KeyValue("IR@FAKE-old-1"), authKey2: new KeyValue("IR@FAKE-old-2") };
  decides({
    "no secret yet: authKey1 is published": [
      seen(missing),
      ["timer", "on-demand"],
      { ...first, key: "authKey1" },
    ],
    "a live key without our tags is published once more, as it is": [
      seen(foreign, "2027-01-01T00:00:00Z"),
      ["timer", "on-demand"],
      { ...first, key: "authKey2", intent: undefined },
    ],
    "a live key under another runtime's name is published under ours": [
      seen(version({ provider: idOf("beta") })),
      ["timer", "on-demand"],
      { ...first, key: "authKey1" },
    ],
    "a live key is this runtime's also in a form that shares nothing with the other one": [
      seen(version({ value: old.authKey2, provider: undefined }), due, { state: "self-hosted", keys: old }),
      "timer",
      { ...first, key: "authKey2" },
    ],
    "it is not first contact when the name is ours in another case": [
      seen(version({ provider: idOf("alpha").toUpperCase() })),
      "timer",
      { action: "keep", reason: "not-due" },
    ],
    "before check 4: copied tags with an unfinished rotation say nothing": [
      seen(version({ provider: idOf("beta"), intent: regenerated })),
      "timer",
      { ...first, key: "authKey1" },
    ],
    "before check 6: copied tags with a kill say nothing": [
      seen(version({ provider: idOf("beta"), intent: revocation2 })),
      "timer",
      { ...first, intent: undefined },
    ],
    "before check 7: a compromise is carried on, not satisfied": [
      seen(missing),
      "compromised",
      {
        ...first,
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
    "before check 7: copied tags with a compromise declare none": [
      seen(version({ provider: idOf("beta"), intent: compromiseBegun })),
      "timer",
      { ...first, intent: undefined },
    ],
    "before check 8: first contact asks for no overlap": [
      seen(version({ provider: undefined }), "2026-01-01T00:00:01Z"),
      "on-demand",
      first,
    ],
  });
});

test("the alternate is the key that the vault does not name, whatever the tag says", () => {
  for (const [value, key] of [
    [keys.authKey1, "authKey2"],
    [keys.authKey2, "authKey1"],
  ] as const) {
    for (const credential of ["authKey1", "authKey2", undefined]) {
      const observation = seen(version({ value, credential }), due, alive);
      for (const request of every) {
        expect(plan(observation, configOf(), request)).toMatchObject({
          action: "rotate",
          key,
        });
      }
    }
  }
});

test("a state tag that nobody can read counts for nothing", () => {
  const observation = seen(version({ state: '{"intent":{"kind":"rotate","key":"authKey3"' }));
  expect(plan(observation, configOf(), "timer")).toMatchObject({ reason: "not-due" });
});
