import { Console } from "node:console";
import { PassThrough } from "node:stream";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { World } from "../../local/azure/world.ts";
import { findCanaries } from "./canaries.ts";
import { idOf } from "./runtime.ts";

const world = new World();
world.addRuntime(idOf("alpha"));
const KEY = world.liveKeys(idOf("alpha")).authKey1;
const { token: TOKEN } = world.tokens.issue("https://vault.azure.net", 60);
// As the service makes them: found by its beginning alone, for too little follows its FAKE to be the local Azure's.
const REAL = "IR@01234567-89ab-4cde-8f01-23456789abcd@contoso@FAKEc29tZSBieXRlcw==";
const SECRET = KEY.slice(KEY.lastIndexOf("@") + 1);

function printed(value: unknown): string {
  const stream = new PassThrough();
  new Console(stream).log(value);
  return String(stream.read());
}

test.each([
  ["as it is", `the value ${KEY} is refused`],
  ["of a real service", `"${REAL}"`],
  ["without what stands before its secret", SECRET],
  ["cut short", KEY.slice(0, -4)],
  ["in lower case", KEY.toLowerCase()],
  ["in a URL", `?value=${encodeURIComponent(KEY)}`],
  ["of a real service in a URL", encodeURIComponent(REAL)],
  ["in JSON within JSON", JSON.stringify(JSON.stringify({ value: KEY }))],
  ["in base64", Buffer.from(`{"value":"${KEY}"}`).toString("base64")],
  ["in base64, off by one", `x${Buffer.from(`?${KEY}`).toString("base64")}`],
  ["in base64 for URLs", Buffer.from(KEY).toString("base64url")],
  ["as printed bytes", inspect(Buffer.from(KEY), { maxArrayLength: null })],
  ["as printed bytes of a view", printed({ data: new Uint8Array(Buffer.from(KEY).subarray(0, 100)) })],
  ["as bytes in JSON", JSON.stringify(Buffer.from(KEY))],
  ["as bytes in JSON on many lines", JSON.stringify(Buffer.from(REAL), null, 2)],
])("an auth key is found %s", (_, text) => {
  expect(findCanaries(`one ${text} two`).map(({ what }) => what)).toContain("auth key");
});

test("the line is told, and nothing of what is in it", () => {
  expect(findCanaries(`one\ntwo\n${REAL} three\n${SECRET}`)).toEqual([
    { what: "auth key", line: 3 },
    { what: "auth key", line: 4 },
  ]);
});

test("an access token is found", () => {
  expect(findCanaries(`{"_header":"Authorization: Bearer ${TOKEN}"}`)).toEqual([
    { what: "access token", line: 1 },
  ]);
});

test("what only reminds of one is left alone", () => {
  const text =
    "IR@FAKE, FAKE-function-key, FAKE func start dist, IR@guid@contoso, [redacted], IR-7 fake: true";
  expect(findCanaries(text)).toEqual([]);
});
