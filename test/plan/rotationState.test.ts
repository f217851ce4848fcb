import { describe, expect, test } from "vitest";
import { formatState, type RotationState, readState } from "../../src/plan/rotationState.ts";
import { World } from "../support/world.ts";

const nothing = { intent: undefined, replaced: undefined, killed: undefined };
const was = "0123456789abcdef";
const run = "11111111-2222-3333-4444-555555555555";

describe("what is written is what is read", () => {
  const states: Record<string, RotationState> = {
    nothing,
    "a rotation": {
      ...nothing,
      intent: { kind: "rotate", key: "authKey2", was, run, compromised: false },
    },
    "a compromise with a replaced and a killed value": {
      intent: { kind: "rotate", key: "authKey1", was, run, compromised: true },
      replaced: was,
      killed: was,
    },
    "a kill": { intent: { kind: "kill", key: "authKey1", was }, replaced: was, killed: undefined },
  };
  test.for(Object.entries(states))("%s", ([, state]) => {
    const text = formatState(state);
    expect(readState({ RotationState: text })).toEqual(state);
    // Key Vault takes 512 characters.
    expect(text.length).toBeLessThan(256);
  });
});

const garbage: Record<string, string | undefined> = {
  "no tag": undefined,
  "an empty one": "",
  "no JSON": "rotate authKey2",
  "JSON cut short": '{"intent":{"kind":"rot',
  "a number": "42",
  null: "null",
  "a list": "[]",
  "an unknown kind": '{"intent":{"kind":"destroy","key":"authKey1","was":"x"}}',
  "an unknown key": '{"intent":{"kind":"kill","key":"authKey3","was":"x"}}',
  "an intent without its fingerprint": '{"intent":{"kind":"kill","key":"authKey1"}}',
  "a flag that is text":
    '{"intent":{"kind":"rotate","key":"authKey1","was":"x","run":"y","compromised":"no"}}',
  "a replaced value that is a number": '{"replaced":7}',
  "a killed value that is a number": '{"killed":7}',
};

describe("a tag that makes no sense says nothing", () => {
  test.for(Object.entries(garbage))("%s", ([, text]) => {
    expect(readState(text === undefined ? {} : { RotationState: text })).toEqual(nothing);
  });

  test.for(Object.entries(garbage))("and disturbs no rotation: %s", async ([, text]) => {
    const tags: Record<string, string> = text === undefined ? {} : { RotationState: text };
    const world = new World().publishedAt("2026-01-01T00:00:00Z", "authKey1", tags);
    expect(await world.tick()).toMatchObject({ outcome: "kept" });
    expect(await world.at("2026-03-01T00:00:00Z").tick()).toMatchObject({
      outcome: "rotated",
      reason: "due",
    });
    expect(world.rotationState).toEqual({ replaced: expect.any(String) });
  });
});

test("what a later version of the app may add is read past", () => {
  const text = '{"intent":{"kind":"kill","key":"authKey1","was":"x","since":1},"more":true}';
  expect(readState({ RotationState: text }).intent).toMatchObject({ kind: "kill", key: "authKey1" });
});
