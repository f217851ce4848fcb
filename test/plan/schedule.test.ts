import { describe, expect, test } from "vitest";
import type { Decision } from "../../src/plan/decision.ts";
import { type Observation, observedSecret } from "../../src/plan/observation.ts";
import { plan, workBySecret } from "../../src/plan/plan.ts";
import type { RequestKind } from "../../src/plan/runRequest.ts";
import { alive, seen, values, version } from "../support/observed.ts";
import { configOf } from "../support/runtime.ts";

// Published 2026-01-01T00:00:00Z. `created` has whole seconds, so the version may be a second younger than it says:
// overlap (P1D) ends a day and a second later, and rotateEvery (P30D) is over after thirty days and a second.
type Row = [now: string, request: RequestKind, expected: Partial<Decision>, secret?: Observation["secret"]];

const kept = { action: "keep", reason: "not-due" } as const;
const rotates = { action: "rotate", key: "authKey2" } as const;
const expired = (expires: string) => version({ expires });

const rows: Record<string, Row> = {
  "on demand, one millisecond before the overlap is over: blocked": [
    "2026-01-02T00:00:00.999Z",
    "on-demand",
    { action: "block", reason: "within-overlap" },
  ],
  "on demand, as the overlap is over: rotated": [
    "2026-01-02T00:00:01.000Z",
    "on-demand",
    { ...rotates, reason: "on-demand" },
  ],
  "on demand, at the second of publishing: blocked": [
    "2026-01-01T00:00:00Z",
    "on-demand",
    { action: "block", reason: "within-overlap" },
  ],
  "on demand, when due as well: on demand is what it is called": [
    "2026-03-01T00:00:00Z",
    "on-demand",
    { ...rotates, reason: "on-demand" },
  ],
  "timer, as old as rotateEvery to the millisecond: kept": ["2026-01-31T00:00:01.000Z", "timer", kept],
  "timer, one millisecond older: rotated": [
    "2026-01-31T00:00:01.001Z",
    "timer",
    { ...rotates, reason: "due" },
  ],
  "timer, within the overlap and not due: simply not due": ["2026-01-01T12:00:00Z", "timer", kept],
  "timer, before its own creation by a clock that is behind: kept": ["2025-12-31T00:00:00Z", "timer", kept],
  "timer, one millisecond before expiry: kept": [
    "2026-01-09T23:59:59.999Z",
    "timer",
    kept,
    expired("2026-01-10T00:00:00Z"),
  ],
  "timer, at expiry: rotated, young as it is": [
    "2026-01-10T00:00:00.000Z",
    "timer",
    { ...rotates, reason: "due" },
    expired("2026-01-10T00:00:00Z"),
  ],
  "timer, expired within the overlap: kept until the overlap is over": [
    "2026-01-02T00:00:00.999Z",
    "timer",
    { action: "keep", reason: "within-overlap" },
    expired("2026-01-01T06:00:00Z"),
  ],
  "timer, expired and the overlap just over: rotated": [
    "2026-01-02T00:00:01.000Z",
    "timer",
    { ...rotates, reason: "due" },
    expired("2026-01-01T06:00:00Z"),
  ],
  "on demand, expired within the overlap: blocked": [
    "2026-01-02T00:00:00.999Z",
    "on-demand",
    { action: "block", reason: "within-overlap" },
    expired("2026-01-01T06:00:00Z"),
  ],
};

test.for(Object.entries(rows))("%s", ([, [now, request, expected, secret = version()]]) => {
  const observation = seen(secret, now, alive);
  expect(plan(observation, configOf(), request)).toMatchObject(expected);
});

test("what a block says is when it ends, and then it has", () => {
  const observation = seen(version(), "2026-01-01T06:00:00Z");
  const { message } = plan(observation, configOf(), "on-demand") as { message: string };
  expect(message).toContain("2026-01-02T00:00:01Z");
});

test("first contact says which key dies first and when", () => {
  const observation = seen({ state: "missing" }, "2026-01-10T00:00:00Z");
  expect(plan(observation, configOf(), "timer")).toMatchObject({
    message: expect.stringMatching(/2026-02-09T00:00:00Z.*authKey2/),
  });
});

describe("whether the secret alone shows work, so that the lease is taken before ARM is asked", () => {
  const shown: Record<
    string,
    [secret: Observation["secret"], now: string, request: RequestKind, shown: boolean]
  > = {
    "no secret yet": [{ state: "missing" }, "2026-01-10T00:00:00Z", "timer", true],
    "a disabled one needs a person": [{ state: "disabled" }, "2026-01-10T00:00:00Z", "timer", false],
    "an intent": [
      version({
        intent: {
          kind: "revoke",
          key: "authKey2",
          previousFingerprint: values.live2.fingerprint(),
          since: undefined,
        },
      }),
      "2026-01-01T00:00:00Z",
      "timer",
      true,
    ],
    "young and nothing asked": [version(), "2026-01-10T00:00:00Z", "timer", false],
    "not quite due": [version(), "2026-01-31T00:00:01.000Z", "timer", false],
    due: [version(), "2026-01-31T00:00:01.001Z", "timer", true],
    "asked within the overlap": [version(), "2026-01-02T00:00:00.999Z", "on-demand", false],
    "asked past the overlap": [version(), "2026-01-02T00:00:01.000Z", "on-demand", true],
    "compromised at any age": [version(), "2026-01-01T00:00:00Z", "compromised", true],
    "expired within the overlap": [
      version({ expires: "2026-01-01T06:00:00Z" }),
      "2026-01-01T12:00:00Z",
      "timer",
      false,
    ],
  };
  test.for(Object.entries(shown))("%s", ([, [secret, now, request, expected]]) => {
    expect(
      workBySecret(observedSecret(configOf().id, secret, Date.parse(now)), configOf(), request),
    ).toSatisfy((work) => (work !== undefined) === expected);
  });
});
