/** The OpenAPI document: what test/support/service.ts holds every answer of the functions against. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { mistakesInAnswer, mistakesInRequest, openApi, operation } from "../support/openApi.ts";
import { outcomes, reasons, states } from "../support/reasons.ts";

const { schemas } = openApi.components;
const enumOf = (schema: string, property: string) =>
  (schemas[schema]!.properties as Record<string, { enum: string[] }>)[property]?.enum;

test("is OpenAPI", async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(openApi) as never);
  expect([valid, errors]).toEqual([true, undefined]);
});

test("has the version of the app", () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
  expect(openApi.info.version).toBe(version);
});

test("has the reasons, outcomes and states of the code, and no others", () => {
  expect(schemas.Reason?.enum).toEqual(Object.keys(reasons));
  expect(Object.keys(schemas.Summary?.properties as object)).toEqual(Object.keys(outcomes));
  expect(enumOf("RuntimeStatus", "state")).toEqual(Object.keys(states));
  const inAnswers = Object.keys(outcomes).concat("would-rotate", "would-publish");
  expect(enumOf("RuntimeOutcome", "outcome")?.toSorted()).toEqual(inAnswers.toSorted());
});

// The same are taken and refused by the function, in test/http and test/functions.
describe("of the bodies of a call", () => {
  const rotate = operation("POST", "rotate");

  test.each([
    { runtimes: ["alpha"] },
    { runtimes: ["*"] },
    { runtimes: ["*"], dryRun: true },
    { dryRun: true },
    { dryRun: true, compromised: false },
    { runtimes: ["alpha"], compromised: true },
  ])("it takes %j", (body) => {
    expect(mistakesInRequest(rotate, body)).toEqual([]);
  });

  test.each<[body: unknown]>([
    [{}],
    [[]],
    [null],
    [{ dryRun: false }],
    [{ runtimes: [] }],
    [{ runtimes: "alpha" }],
    [{ runtimes: [1] }],
    [{ runtimes: ["*", "alpha"] }],
    [{ runtimes: ["alpha"], force: true }],
    [{ runtimes: ["alpha"], dryRun: "yes" }],
    [{ runtimes: ["*"], compromised: true }],
    [{ dryRun: true, compromised: true }],
  ])("it refuses %j", (body) => {
    expect(mistakesInRequest(rotate, body)).not.toEqual([]);
  });
});

describe("an answer is not as the document has it", () => {
  const node = {
    name: "shir01",
    status: "Online",
    version: null,
    registeredAt: "2027-01-01T00:00:00Z",
    lastConnectedAt: null,
    registeredBeforePublish: true,
  };
  const runtime = {
    runtime: "/subscriptions/…",
    secret: "https://contoso.vault.azure.net/secrets/contoso-alpha",
    state: "healthy",
    reason: "not-due",
    message: "authKey1 was published",
    publishedKey: "authKey1",
    nextKey: "authKey2",
    publishedAt: "2027-01-01T00:00:00Z",
    dueAt: null,
    expiresAt: null,
    nodes: [node],
    history: null,
  };
  const headers = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  const mistakes = (runtimes: object[], status = 200, own: Record<string, string> = headers) =>
    mistakesInAnswer(operation("GET", "status"), { status, headers: new Headers(own), body: { runtimes } });

  test("but this one is", () => {
    expect(mistakes([runtime])).toEqual([]);
  });

  test.each<[what: string, found: () => string[]]>([
    ["where a property is missing", () => mistakes([{ ...runtime, nextKey: undefined }])],
    ["where one is not described", () => mistakes([{ ...runtime, value: "FAKE" }])],
    ["where a state is unknown", () => mistakes([{ ...runtime, state: "well" }])],
    ["where a reason is unknown", () => mistakes([{ ...runtime, reason: "whim" }])],
    ["where a time is none", () => mistakes([{ ...runtime, dueAt: "tomorrow" }])],
    ["where a node has a property more", () => mistakes([{ ...runtime, nodes: [{ ...node, key: "FAKE" }] }])],
    ["where its status is another", () => mistakes([runtime], 202)],
    ["where a cache may keep it", () => mistakes([runtime], 200, { ...headers, "cache-control": "public" })],
    [
      "where it is of another type",
      () => mistakes([runtime], 200, { ...headers, "content-type": "text/plain" }),
    ],
    ["where it says when to come back", () => mistakes([runtime], 200, { ...headers, "retry-after": "60" })],
  ])("%s", (_, found) => {
    expect(found()).not.toEqual([]);
  });
});
