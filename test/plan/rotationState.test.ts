import { describe, expect, test } from "vitest";
import type { NodesNote } from "../../src/plan/nodesNote.ts";
import { formatState, NO_STATE, type RotationState, readState } from "../../src/plan/rotationState.ts";
import { World } from "../support/world.ts";

const previousFingerprint = "0123456789abcdef";
const run = "11111111-2222-3333-4444-555555555555";
const since = Date.parse("2026-01-01T00:00:00Z");
const note: NodesNote = {
  online: 10,
  offline: 12,
  at: since,
  key: "authKey2",
  earlier: 2,
  finding: undefined,
};

describe("what is written is what is read, and fits into a tag", () => {
  const states: Record<string, RotationState> = {
    nothing: NO_STATE,
    "a rotation": {
      ...NO_STATE,
      intent: {
        kind: "rotate",
        key: "authKey2",
        previousFingerprint,
        run,
        compromised: false,
        earlier: 0,
        note: undefined,
        since: undefined,
      },
    },
    "a compromise with all that the versions before it left": {
      intent: {
        kind: "rotate",
        key: "authKey1",
        previousFingerprint,
        run,
        compromised: true,
        earlier: 0,
        note: undefined,
        since,
      },
      superseded: previousFingerprint,
      revoked: previousFingerprint,
      byCompromise: true,
      compromisedAt: since,
      earlier: 2,
      note: { ...note, finding: "repaired" },
      reason: "unfinished-rotation",
      run,
    },
    "more than any run writes at once": {
      intent: {
        kind: "rotate",
        key: "authKey1",
        previousFingerprint,
        run,
        compromised: false,
        earlier: 2,
        note: { ...note, finding: "repaired" },
        since,
      },
      superseded: previousFingerprint,
      revoked: previousFingerprint,
      byCompromise: true,
      compromisedAt: since,
      earlier: 2,
      note: { ...note, finding: "repaired" },
      reason: "unfinished-rotation",
      run,
    },
    "a revocation": {
      ...NO_STATE,
      intent: { kind: "revoke", key: "authKey1", previousFingerprint, since },
      superseded: previousFingerprint,
    },
  };
  test.for(Object.entries(states))("%s", ([, state]) => {
    const text = formatState(state);
    expect(readState(text)).toEqual(state);
    // Key Vault takes 512 characters.
    expect(text.length).toBeLessThan(450);
  });
});

test("the names on the wire are those of the first version, so that an older app still reads an intent", () => {
  const intent = { kind: "revoke", key: "authKey1", previousFingerprint, since } as const;
  const state = { ...NO_STATE, intent, superseded: "1111111111111111", revoked: "2222222222222222" };
  expect(JSON.parse(formatState({ ...state, byCompromise: true }))).toEqual({
    v: 1,
    intent: { kind: "kill", key: "authKey1", was: "0123456789abcdef", since: 1767225600 },
    replaced: "1111111111111111",
    killed: "2222222222222222",
    compromised: true,
  });
});

test("what the first version wrote is read", () => {
  const text =
    '{"intent":{"kind":"rotate","key":"authKey2","was":"0123456789abcdef","run":"r","compromised":true},"replaced":"1111111111111111"}';
  expect(readState(text)).toEqual({
    ...NO_STATE,
    intent: {
      kind: "rotate",
      key: "authKey2",
      previousFingerprint: "0123456789abcdef",
      run: "r",
      compromised: true,
      earlier: 0,
      note: undefined,
      since: undefined,
    },
    superseded: "1111111111111111",
  });
});

test("parts that a later version may add are read past", () => {
  const text = '{"intent":{"kind":"kill","key":"authKey1","was":"x","since":1,"by":"y"},"more":true}';
  expect(readState(text).intent).toMatchObject({ kind: "revoke", key: "authKey1" });
});

const noObject: Record<string, string | undefined> = {
  "no tag": undefined,
  "an empty one": "",
  "no JSON": "rotate authKey2",
  "JSON cut short": '{"intent":{"kind":"rot',
  "a number": "42",
  null: "null",
  "a list": "[]",
};

describe("a tag that is no JSON object says nothing, and disturbs no rotation", () => {
  test.for(Object.entries(noObject))("%s", async ([, text]) => {
    const tags: Record<string, string> = text === undefined ? {} : { RotationState: text };
    const world = new World().publishedAt("2026-01-01T00:00:00Z", "authKey1", tags);
    expect(await world.tick()).toMatchObject({ outcome: "kept" });
    expect(await world.at("2026-03-01T00:00:00Z").tick()).toMatchObject({
      outcome: "rotated",
      reason: "due",
    });
  });
});

const unknown: Record<string, string> = {
  "a higher version": '{"v":2}',
  "a higher version with an intent of today":
    '{"v":2,"intent":{"kind":"rotate","key":"authKey2","was":"x","run":"y","compromised":false}}',
  "an unknown kind of intent": '{"intent":{"kind":"destroy","key":"authKey1","was":"x"}}',
  "an unknown key": '{"intent":{"kind":"kill","key":"authKey3","was":"x"}}',
  "an intent without its fingerprint": '{"intent":{"kind":"kill","key":"authKey1"}}',
  "a flag that is text":
    '{"intent":{"kind":"rotate","key":"authKey1","was":"x","run":"y","compromised":"no"}}',
  "a fingerprint that is a number": '{"replaced":7}',
};

describe("a state that this version does not know stops the runtime, and nothing is written", () => {
  test.for(Object.entries(unknown))("%s", async ([, text]) => {
    const world = new World().publishedAt("2026-01-01T00:00:00Z", "authKey1", { RotationState: text });
    world.at("2026-03-01T00:00:00Z");
    for (const kind of ["timer", "on-demand", "compromised"] as const) {
      for (const dryRun of [false, true]) {
        expect(await world.ask({ kind, dryRun })).toMatchObject({
          outcome: "failed",
          reason: "unexpected-response",
          message: expect.stringMatching(/newer version of this app/),
        });
      }
    }
    expect(world.regenerations).toEqual({ authKey1: 0, authKey2: 0 });
    expect(world.versions).toHaveLength(1);
    expect(world.latest?.tags.RotationState).toBe(text);
  });

  test("but not where it was copied from another runtime's secret", async () => {
    const world = new World().publishedAt("2026-01-01T00:00:00Z", "authKey1", {
      ProviderAddress: "/another",
      RotationState: '{"v":2}',
    });
    expect(await world.tick()).toMatchObject({ outcome: "published", reason: "first-contact" });
  });
});
