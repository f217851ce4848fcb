import { Console } from "node:console";
import { Writable } from "node:stream";
import { format, inspect } from "node:util";
import { serialize } from "node:v8";
import { describe, expect, test } from "vitest";
import { KeyValue, redactKeys } from "../src/keyValue.ts";

const TEXT = "IR@guid@contoso@ServiceEndpoint=contoso.example@FAKEcanary==";
const key = new KeyValue(TEXT);
const deep = { one: { two: { three: { four: { five: [key, new Map([[key, key]])] } } } } };

function printed(print: (console: Console) => void): string {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  print(new Console({ stdout: stream, stderr: stream }));
  return text;
}

const everyWay: Record<string, () => string> = {
  String: () => String(key),
  "a template": () => `${key}`,
  concatenation: () => `a${[key]}`,
  toLocaleString: () => key.toLocaleString(),
  JSON: () => JSON.stringify({ key, list: [key] }),
  "JSON of a key of its own": () => JSON.stringify(key),
  inspect: () => inspect(key),
  "inspect, all there is": () =>
    inspect(deep, { showHidden: true, depth: Number.POSITIVE_INFINITY, getters: true }),
  "inspect past its own ways of printing": () =>
    inspect(deep, {
      customInspect: false,
      showHidden: true,
      depth: Number.POSITIVE_INFINITY,
      showProxy: true,
    }),
  "format %s %j %o %O %d": () => format("%s %j %o %O %d", key, key, key, key, key),
  console: () => printed((console) => console.log(key, deep)),
  "console.dir": () => printed((console) => console.dir(deep, { showHidden: true, depth: 99 })),
  "console.table": () => printed((console) => console.table([{ key }])),
  "the message of an error": () => inspect(new Error(`${key}`, { cause: key })),
  "the fields of an error": () => inspect(Object.assign(new Error("x"), { key }), { showHidden: true }),
  "its own fields": () => JSON.stringify(Object.getOwnPropertyDescriptors(key)),
  "a spread copy": () => inspect({ ...key }, { showHidden: true }),
  "a structured clone": () => inspect(structuredClone(key), { showHidden: true }),
  serialisation: () => serialize(key).toString("latin1"),
  "its fingerprint": () => key.fingerprint(),
};

test.for(Object.entries(everyWay))("a value printed by %s shows nothing of itself", ([, print]) => {
  const text = print();
  expect(text).not.toContain("IR@");
  expect(text).not.toContain("canary");
  expect(text).not.toContain(Buffer.from(TEXT).toString("base64").slice(4, 20));
});

test("what is printed says that something was left out", () => {
  expect(String(key)).toBe("[redacted]");
  expect(JSON.stringify({ key })).toBe('{"key":"[redacted]"}');
  expect(inspect(key)).toBe("[redacted]");
});

test("the text is given to whoever asks for it by name", () => {
  expect(key.reveal()).toBe(TEXT);
});

test("values compare by their text, of any lengths", () => {
  expect(key.equals(new KeyValue(TEXT))).toBe(true);
  expect(key.equals(new KeyValue(`${TEXT} `))).toBe(false);
  expect(key.equals(new KeyValue(""))).toBe(false);
  expect(new KeyValue("").equals(new KeyValue(""))).toBe(true);
});

test("only an auth key has a fingerprint: that of a password would help who guesses it", () => {
  expect(() => new KeyValue("FAKE-password").fingerprint()).toThrow(TypeError);
});

test("a fingerprint is the beginning of the SHA-256, the same in every process", () => {
  // printf 'FAKE' | sha256sum
  expect(new KeyValue("IR@FAKE").fingerprint()).toBe("895c057582166725");
});

describe("what looks like an auth key", () => {
  test.for([
    ["IR@a", true],
    [TEXT, true],
    ["IR@", false],
    ["", false],
    ["ir@a", false],
    [" IR@a", false],
    ["password", false],
  ] as const)("in row %#", ([text, expected]) => {
    expect(new KeyValue(text).isAuthKey()).toBe(expected);
  });
});

describe("keys of one runtime share their beginning", () => {
  test.for([
    ["IR@guid@old@FAKE", true],
    ["IR@guid@", true],
    ["IR@guid", false],
    ["IR@guid2@contoso@FAKE", false],
    ["x IR@guid@contoso@FAKE", false],
    ["FAKE-password", false],
    ["", false],
  ] as const)("in row %#", ([text, expected]) => {
    expect(new KeyValue(text).isOfSameRuntimeAs(key)).toBe(expected);
  });

  test("and a key without one shares it with nothing, not even with itself", () => {
    const old = new KeyValue("IR@FAKE-without-parts");
    expect(old.isOfSameRuntimeAs(old)).toBe(false);
    expect(new KeyValue("").isOfSameRuntimeAs(new KeyValue(""))).toBe(false);
  });
});

test.for([
  [`the key ${TEXT} is taken`, "the key [redacted] is taken"],
  [`{"authKey1":"${TEXT}","authKey2":"${TEXT}"}`, '{"authKey1":"[redacted]","authKey2":"[redacted]"}'],
  [`'${TEXT}', (${TEXT})`, "'[redacted]', ([redacted])"],
  [TEXT.toLowerCase(), "[redacted]"],
  ["the runtime IR-7 at contoso", "the runtime IR-7 at contoso"],
])("a text from outside loses what looks like a key: %#", ([text, expected]) => {
  expect(redactKeys(text ?? "")).toBe(expected);
});
