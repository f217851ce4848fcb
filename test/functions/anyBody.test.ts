import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { parseRotateRequest, RequestError } from "../../src/functions/rotateRequest.ts";
import type { RunRequest } from "../../src/plan/runRequest.ts";
import { checkProblems, edited, mostly, usually } from "../config/anyInput.ts";
import { armId, configOf } from "../config/settings.ts";

// "ir-one" is a runtime of two factories, "IR-three" is the secret of one runtime and the name of another.
const CONFIG = configOf(
  armId("ir-one", "factory-one"),
  armId("ir-one", "factory-two"),
  { id: armId("ir-two"), secretName: "IR-three" },
  armId("ir-three"),
  { id: armId("*", "factory-three"), except: ["ir-two"] },
);
const LEFT_OUT = armId("ir-two", "factory-three").toLowerCase();
const COVERED = armId("ir-any", "factory-three");

const name = usually(
  [
    armId("ir-one", "factory-one"),
    armId("ir-one", "factory-two"),
    "ir-two",
    "IR-TWO",
    "factory-one-ir-three",
    COVERED,
    COVERED.toUpperCase(),
  ],
  ["ir-one", "ir-three", "nobody", "*", "", "__proto__", LEFT_OUT],
);
const names = fc.array(mostly(name), { minLength: 1, maxLength: 4 });
const named = fc.oneof({ arbitrary: names, weight: 6 }, fc.constantFrom(["*"], []));
const flag = mostly(fc.boolean(), 12);
const more = mostly(fc.constant(undefined), 10);
const body = fc
  .record({ runtimes: mostly(named), dryRun: flag, compromised: flag, more }, { requiredKeys: [] })
  .map((value) => JSON.stringify(value));
const pieces = fc.constantFrom("", "\u0000", "\u2028", '"', "{", "[".repeat(2000), "1e999", '"__proto__":1,');

/** Of the right shape, edited, as bytes that something on the way made of them, and any bytes at all; decoded. */
const bodies = fc
  .oneof(
    { arbitrary: body.map((text) => Buffer.from(text)), weight: 6 },
    edited(body, pieces).map((text) => Buffer.from(text)),
    body.map((text) => Buffer.from(text, "utf16le")),
    body.map((text) => gzipSync(text)),
    body.map((text) => Buffer.from(`\ufeff${text}`)),
    body.map((text) => Buffer.concat([Buffer.from(text), Buffer.from([0xed, 0xa0, 0x80])])),
    fc.uint8Array({ maxLength: 64 }),
  )
  .map((bytes) => new TextDecoder().decode(bytes));

/** What comes of a body, after checking that it is what the body says; undefined where runtimes have to be found first. */
function requestOf(text: string, config: Pick<Config, "runtimes" | "patterns">): RunRequest | undefined {
  const request = parseRotateRequest(text, config);
  const { runtimes: names, dryRun = false, compromised = false, ...rest } = JSON.parse(text.trim() || "{}");
  expect(rest).toEqual({});
  // Nobody regenerates everything by leaving names out.
  expect(names ?? dryRun).toBeTruthy();
  const said = [...new Set<string>(names?.map((each: string) => each.toLowerCase()))];
  const isAll = names === undefined || said.join() === "*";
  expect(said.includes("*")).toBe(names !== undefined && isAll);
  if (request === undefined) {
    expect(config.patterns).not.toEqual([]);
    expect(isAll || said.some((each) => !each.includes("/"))).toBe(true);
    return undefined;
  }
  const meant = config.runtimes.filter(
    ({ id, secretName }) =>
      isAll || [id.key, id.name, secretName].some((own) => said.includes(own.toLowerCase())),
  );
  const covered = said.filter((each) => each.startsWith(armId("", "factory-three").toLowerCase()));
  const keys = [...meant.map(({ id }) => id.key), ...covered];
  expect(request.runtimes.map(({ id }) => id.key).sort()).toEqual(keys.sort());
  expect(keys).not.toContain(LEFT_OUT);
  expect(request).toMatchObject({ dryRun, kind: compromised ? "compromised" : "on-demand", named: !isAll });
  return request;
}

test.for([
  ["no patterns", { ...CONFIG, patterns: [] }],
  ["a pattern", CONFIG],
] as const)("with %s, a body is taken for what it says, or refused with short problems", ([, config]) => {
  const times = { accepted: 0, refused: 0, deferred: 0 };
  const property = fc.property(bodies, (text) => {
    try {
      const request = requestOf(text, config);
      times[request === undefined ? "deferred" : "accepted"] += 1;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      checkProblems(error.problems);
      times.refused += 1;
    }
  });
  fc.assert(property, { numRuns: 1000 });
  // Otherwise one half of the property was never looked at.
  expect(Math.min(times.accepted, times.refused)).toBeGreaterThan(50);
});
