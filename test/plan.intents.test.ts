import { describe } from "vitest";
import { seen, values, version } from "./support/observed.ts";
import {
  begun,
  compromiseBegun,
  compromiseRegenerated,
  decides,
  due,
  every,
  kill2,
  killed2,
  regenerated,
  was,
} from "./support/planRows.ts";

describe("check 4", () => {
  const unfinished = {
    action: "publish",
    reason: "unfinished-rotation",
    key: "authKey2",
    replaced: was.dead,
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
      every,
      { ...unfinished, intent: { kind: "kill", key: "authKey1", was: was.live1 } },
    ],
    "a compromise declared after an innocent rotation still needs both halves": [
      seen(version({ intent: regenerated })),
      "compromised",
      {
        ...unfinished,
        intent: { kind: "rotate", key: "authKey1", was: was.live1, run: "", compromised: true },
      },
    ],
  });
});

describe("check 5", () => {
  const replaced = values.dead.fingerprint();
  const drift = { action: "publish", reason: "drift", replaced } as const;
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
      seen(version({ value: values.dead, credential: "authKey2", intent: kill2 })),
      every,
      { ...drift, key: "authKey1", intent: kill2 },
    ],
    "before check 7: a compromise is carried on, not satisfied": [
      seen(version({ value: values.dead })),
      "compromised",
      {
        ...drift,
        key: "authKey1",
        intent: { kind: "rotate", key: "authKey2", was: was.live2, run: "", compromised: true },
      },
    ],
    "a pending compromise survives drift on the timer": [
      seen(version({ value: values.dead, intent: compromiseBegun })),
      "timer",
      { ...drift, intent: { kind: "rotate", key: "authKey2", was: was.live2, run: "", compromised: true } },
    ],
    "an innocent intent does not survive it": [
      seen(version({ value: values.dead, intent: begun })),
      "timer",
      { ...drift, intent: undefined },
    ],
    "a kill that is done already does not survive it": [
      seen(version({ value: values.dead, intent: killed2 })),
      "timer",
      { ...drift, key: "authKey1", intent: undefined },
    ],
    "before checks 8 and 10: drift is repaired at any age": [
      seen(version({ value: values.dead }), due),
      "timer",
      drift,
    ],
  });
});

describe("checks 6 and 7", () => {
  decides({
    "a pending kill regenerates its key, whoever comes": [
      seen(version({ intent: kill2 })),
      every,
      { action: "kill", reason: "compromised", key: "authKey2" },
    ],
    "before check 8: a kill does not wait for the overlap": [
      seen(version({ intent: kill2 }), "2026-01-01T00:00:01Z"),
      ["timer", "on-demand"],
      { action: "kill", key: "authKey2" },
    ],
    "a kill of the published key is forgotten": [
      seen(version({ intent: { kind: "kill", key: "authKey1", was: was.live1 } })),
      every,
      { action: "forget" },
    ],
    "a kill whose key has changed is forgotten": [
      seen(version({ intent: killed2 })),
      every,
      { action: "forget" },
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
