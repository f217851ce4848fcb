import { beforeAll, expect, test } from "vitest";
import { type Fault, foreign } from "../../local/azure/faults.ts";
import { armErrors } from "../../local/azure/model/armErrors.ts";
import { managedIdentity } from "../../src/azure/credential.ts";
import { connectKeyVault } from "../../src/azure/keyVault.ts";
import type { CallLimit } from "../../src/services.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { AMPLE, adapters, failureOf, type Method, operationOf } from "./operations.ts";

const azure = useLocalAzure({ storage: true });

// Looked up here and not by the proxy; the SDKs read the setting once.
const NOBODY = "nobody.invalid";
beforeAll(() => {
  process.env.NO_PROXY += `,${NOBODY}`;
});

type Row = [method: Method, fault: Fault, expected: object, says: RegExp, limit?: CallLimit];

const LATER = /no answer came in time; the next tick tries again$/;
const lost = { reason: "unavailable", status: undefined, refused: false, mayStillTakeEffect: true };
const cut = { ...lost, reason: "unexpected-response", code: "PARSE_ERROR" };

const rows: Record<string, Row> = {
  "a reset of ARM": [
    "regenerate",
    "reset",
    { ...lost, code: "ECONNRESET" },
    /connection failed before a whole answer/,
  ],
  "a reset of the vault": [
    "addVersion",
    "reset",
    { ...lost, code: "ECONNRESET" },
    /connection failed before/,
  ],
  "a reset of storage": ["acquire", "reset", lost, /connection failed before/],
  "an answer of ARM that is cut short": ["regenerate", "cut", cut, /cut short or is not JSON/],
  "an answer of the vault that is cut short": ["getLatest", "cut", cut, /cut short or is not JSON/],
  "silence of ARM": ["regenerate", "stall", lost, LATER, { timeoutMs: 200 }],
  "silence of the vault": ["setTags", "stall", lost, LATER, { timeoutMs: 200 }],
  "silence of storage": ["acquire", "stall", lost, LATER, { timeoutMs: 200 }],
  "a Retry-After beyond the limit": [
    "list",
    armErrors.unavailable(3600),
    { reason: "throttled", status: 503 },
    /asks to wait longer than this run may take/,
  ],
  "502 with HTML": [
    "regenerate",
    foreign(502),
    { reason: "unavailable", status: 502, mayStillTakeEffect: true },
    /next tick/,
  ],
  "408 with nothing": [
    "regenerate",
    foreign(408, "empty"),
    { reason: "unavailable", status: 408, refused: false },
    /next tick/,
  ],
  "429 of a proxy": [
    "regenerate",
    foreign(429),
    { reason: "throttled", status: 429, refused: false },
    /next tick/,
  ],
  "202, which no operation of ours gives": [
    "regenerate",
    { status: 202 },
    { reason: "unexpected-response", status: 202, mayStillTakeEffect: true },
    /unexpected for this operation/,
  ],
  "204, which none of ours gives either": [
    "regenerate",
    { status: 204 },
    { reason: "unexpected-response", status: 204 },
    /unexpected for this operation/,
  ],
};

test.for(Object.entries(rows))("%s says what to do, and what may have happened", async ([, row]) => {
  const [method, fault, expected, says, limit = AMPLE] = row;
  const call = await adapters(azure());
  azure().faults.inject({ operation: operationOf(method), times: 9, fault });
  const error = await failureOf(call(method, limit));
  expect(error).toMatchObject(expected);
  expect(error.message).toMatch(says);
});

test("a host that nobody knows is told as that, and names DNS", async () => {
  const vault = connectKeyVault(managedIdentity(undefined))(`https://${NOBODY}`, "alpha");
  const error = await failureOf(vault.getLatest(AMPLE));
  expect(error).toMatchObject({ reason: "unavailable", status: undefined });
  expect(error.message).toMatch(
    /no host of this name can be found; check the URL in the settings, private DNS/,
  );
});
