import { describe, expect, test } from "vitest";
import type { RunRequest } from "../../src/plan/runRequest.ts";
import type { Outcome, Reason, RuntimeOutcome } from "../../src/reconcile/outcome.ts";
import { failureOf, httpAnswer } from "../../src/report/report.ts";
import { logLines } from "../support/logLines.ts";
import { configOf } from "../support/runtime.ts";

const ID =
  "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.DataFactory/factories/contoso/integrationRuntimes/alpha";
const timer: RunRequest = { kind: "timer", runtimes: [], named: false, dryRun: false };
const http: RunRequest = { kind: "on-demand", runtimes: [], named: true, dryRun: false };

function outcome(outcome: Outcome, reason: Reason, different: Partial<RuntimeOutcome> = {}): RuntimeOutcome {
  return {
    config: configOf(),
    outcome,
    reason,
    message: "It is so.",
    publishedKey: "authKey2",
    version: "0f".repeat(16),
    publishedAt: Date.parse("2026-01-01T00:00:00Z"),
    dueAt: undefined,
    expiresAt: undefined,
    decision: undefined,
    nodes: undefined,
    regenerates: [],
    seenAt: undefined,
    compromised: false,
    durationMs: 1234,
    ...different,
  };
}

const rotated = outcome("rotated", "due", { regenerates: ["authKey2"] });
const published = outcome("published", "drift");
const kept = outcome("kept", "not-due");
const deferred = outcome("deferred", "locked");
const blocked = outcome("blocked", "secret-disabled");
const failed = outcome("failed", "throttled", { publishedKey: undefined, version: undefined });

describe("the status code", () => {
  const codes: [string, RuntimeOutcome[], number][] = [
    ["all is well", [rotated, published, kept], 200],
    ["one kept", [kept], 200],
    ["one deferred", [deferred], 409],
    ["one blocked", [blocked], 409],
    ["deferred and blocked", [deferred, blocked], 409],
    ["all failed", [failed, failed], 502],
    ["failed and blocked", [failed, blocked], 207],
    ["failed and deferred", [failed, deferred], 207],
    ["failed and rotated", [failed, rotated], 207],
    ["blocked and kept", [blocked, kept], 207],
    ["deferred and published", [deferred, published], 207],
  ];
  test.for(codes)("%s", ([, runtimes, status]) => {
    expect(httpAnswer({ request: http, runtimes, repeatAfterMs: 60_000, durationMs: 0 }).status).toBe(status);
  });
});

test("an answer with something deferred says when to call again, and no other does", () => {
  expect(
    httpAnswer({ request: http, runtimes: [rotated, deferred], repeatAfterMs: 60_000, durationMs: 0 })
      .headers,
  ).toEqual({
    "Retry-After": "60",
  });
  expect(
    httpAnswer({ request: http, runtimes: [rotated, blocked, failed], repeatAfterMs: 60_000, durationMs: 0 })
      .headers,
  ).toEqual({});
});

test("the body is the contract's", () => {
  expect(
    httpAnswer({ request: http, runtimes: [rotated, failed], repeatAfterMs: 60_000, durationMs: 5 }).jsonBody,
  ).toEqual({
    dryRun: false,
    summary: { rotated: 1, published: 0, kept: 0, deferred: 0, blocked: 0, failed: 1 },
    runtimes: [
      {
        runtime: ID,
        secret: "https://contoso.vault.azure.net/secrets/contoso-alpha",
        outcome: "rotated",
        reason: "due",
        message: "It is so.",
        publishedKey: "authKey2",
        version: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f",
        regenerates: ["authKey2"],
        nodes: null,
      },
      {
        runtime: ID,
        secret: "https://contoso.vault.azure.net/secrets/contoso-alpha",
        outcome: "failed",
        reason: "throttled",
        message: "It is so.",
        publishedKey: null,
        version: null,
        regenerates: [],
        nodes: null,
      },
    ],
  });
});

test("a dry run says would-rotate and would-publish for each runtime, and keeps the names of the summary", () => {
  const { jsonBody, status } = httpAnswer({
    request: { ...http, dryRun: true },
    runtimes: [rotated, published, kept],
    repeatAfterMs: 60_000,
    durationMs: 0,
  });
  expect(status).toBe(200);
  expect(jsonBody.dryRun).toBe(true);
  expect(jsonBody.summary).toMatchObject({ rotated: 1, published: 1, kept: 1 });
  expect(jsonBody.runtimes.map(({ outcome }) => outcome)).toEqual(["would-rotate", "would-publish", "kept"]);
});

describe("log lines", () => {
  test("one for each runtime that was not simply kept, one for the run, each a line of JSON", () => {
    const lines = logLines({
      request: timer,
      runtimes: [kept, rotated],
      repeatAfterMs: 60_000,
      durationMs: 2345,
    });
    expect(lines.map(({ text }) => text)).toEqual([
      `{"event":"rotation.runtime","trigger":"timer","runtime":"${ID}","secret":"https://contoso.vault.azure.net/secrets/contoso-alpha","outcome":"rotated","reason":"due","message":"It is so.","durationMs":1234}`,
      '{"event":"rotation.run","trigger":"timer","summary":{"rotated":1,"published":0,"kept":1,"deferred":0,"blocked":0,"failed":0},"waiting":{"rollout":0,"braked":0,"paused":0},"durationMs":2345}',
    ]);
  });

  test("one for the run also when nothing was to be done", () => {
    expect(logLines({ request: timer, runtimes: [kept], repeatAfterMs: 60_000, durationMs: 1 })).toEqual([
      {
        level: "information",
        text: '{"event":"rotation.run","trigger":"timer","summary":{"rotated":0,"published":0,"kept":1,"deferred":0,"blocked":0,"failed":0},"waiting":{"rollout":0,"braked":0,"paused":0},"durationMs":1}',
      },
    ]);
  });

  test("of a dry run say so, each", () => {
    const lines = logLines({
      request: { ...http, dryRun: true },
      runtimes: [rotated],
      repeatAfterMs: 60_000,
      durationMs: 1,
    });
    expect(lines.map(({ text }) => JSON.parse(text))).toMatchObject([
      { event: "rotation.runtime", trigger: "http", dryRun: true, outcome: "would-rotate" },
      { event: "rotation.run", trigger: "http", dryRun: true, summary: { rotated: 1 } },
    ]);
  });

  test("stay one line each, whatever a message holds", () => {
    const runtimes = [outcome("failed", "bug", { message: 'two\nlines "quoted"' })];
    for (const { text } of logLines({ request: timer, runtimes, repeatAfterMs: 60_000, durationMs: 1 }))
      expect(text).not.toContain("\n");
  });

  const compromised: RunRequest = { ...http, kind: "compromised" };
  const finished = outcome("rotated", "compromised", { compromised: true });

  test.for([
    ["a compromise call, though nothing came of it", failed, compromised, true],
    ["whoever finished it", finished, timer, true],
    ["a failure while one is pending", { ...failed, compromised: true }, timer, true],
    ["a call without one", rotated, http, undefined],
    ["the timer without one", failed, timer, undefined],
  ] as const)("tell that a compromise is declared: %s", ([, runtime, asked, told]) => {
    const [line] = logLines({ request: asked, runtimes: [runtime], repeatAfterMs: 60_000, durationMs: 1 });
    expect(JSON.parse(line?.text ?? "").compromised).toBe(told);
  });

  test.for([
    ["failed", failed, timer, "error"],
    ["blocked", blocked, timer, "warning"],
    ["deferred", deferred, timer, "information"],
    ["rotated", rotated, timer, "information"],
    ["published", published, timer, "information"],
    ["rotated for a compromise, by whoever finished it", finished, timer, "warning"],
    ["deferred while a compromise is pending", { ...deferred, compromised: true }, timer, "warning"],
    ["failed while a compromise is pending", { ...failed, compromised: true }, timer, "error"],
    ["rotated on a compromise call", outcome("rotated", "compromised"), compromised, "warning"],
    ["deferred on a compromise call", deferred, compromised, "warning"],
    ["failed on a compromise call", failed, compromised, "error"],
  ] as const)("%s", ([, runtime, asked, level]) => {
    expect(
      logLines({ request: asked, runtimes: [runtime], repeatAfterMs: 60_000, durationMs: 1 })[0]?.level,
    ).toBe(level);
  });
});

describe("what fails the timer's invocation", () => {
  test("nothing where all is well or comes back by itself", () => {
    expect(
      failureOf({
        request: timer,
        runtimes: [rotated, published, kept, deferred],
        repeatAfterMs: 60_000,
        durationMs: 1,
      }),
    ).toBeUndefined();
  });

  test("every runtime that is blocked or failed, named with what is wrong", () => {
    const failure = failureOf({
      request: timer,
      runtimes: [rotated, blocked, failed],
      repeatAfterMs: 60_000,
      durationMs: 1,
    });
    expect(failure).toBe(
      `2 of 3 runtimes need attention\n${ID}: blocked, secret-disabled: It is so.\n${ID}: failed, throttled: It is so.`,
    );
  });
});
