import { describe, expect, test } from "vitest";
import { FORMAT, GROUP, LIST, NAME, NO_ENTRY } from "./formats.ts";
import { armId, problemsOf, type Row, settings, withRuntimes } from "./settings.ts";

const ID = armId();

describe("the list of runtimes", () => {
  test.each<Row>([
    ["is missing", settings({ RUNTIMES: undefined }), `RUNTIMES: missing; give ${LIST}`],
    ["is blank", settings({ RUNTIMES: " \n" }), `RUNTIMES: missing; give ${LIST}`],
    [
      "is a bare id",
      settings({ RUNTIMES: ID }),
      `RUNTIMES: not valid JSON: unexpected "/" at line 1, column 1; give ${LIST}`,
    ],
    [
      "is cut off",
      settings({ RUNTIMES: '["a",\n  "b"' }),
      `RUNTIMES: not valid JSON: it ends too early, at line 2, column 6; give ${LIST}`,
    ],
    [
      "has a comma too many",
      settings({ RUNTIMES: '["a",]' }),
      `RUNTIMES: not valid JSON: unexpected "]" at line 1, column 6; give ${LIST}`,
    ],
    ["is an object", settings({ RUNTIMES: "{}" }), `RUNTIMES: an object is not accepted; give ${LIST}`],
    [
      "is a string",
      settings({ RUNTIMES: '"IR@FAKE"' }),
      `RUNTIMES: [redacted: it looks like a credential] is not accepted; give ${LIST}`,
    ],
    ["is empty", withRuntimes(), `RUNTIMES: an empty list is not accepted; give ${LIST}`],
    ["has a number in it", withRuntimes(ID, 5), `RUNTIMES[1]: 5 ${NO_ENTRY}`],
    ["has a null in it", withRuntimes(null), `RUNTIMES[0]: null ${NO_ENTRY}`],
    ["has a list in it", withRuntimes([ID]), `RUNTIMES[0]: a list ${NO_ENTRY}`],
    [
      "has an entry without an id",
      withRuntimes({ secretName: "x" }),
      `RUNTIMES[0].id: missing; give an ARM id: ${FORMAT}`,
    ],
    [
      "has a property that nobody knows",
      withRuntimes({ id: ID, rotateevery: "P1D", IR: 1 }),
      'RUNTIMES[0]: unknown property "rotateevery", "IR"; known properties are id, secretName, keyVaultUrl, rotateEvery, overlap, validity, nodes, paused',
    ],
    [
      "has a __proto__",
      settings({ RUNTIMES: `[{"id":"${ID}","__proto__":{"secretName":"x"}}]` }),
      'RUNTIMES[0]: unknown property "__proto__"; known properties are id, secretName, keyVaultUrl, rotateEvery, overlap, validity, nodes, paused',
    ],
    [
      "is nested very deeply",
      settings({ RUNTIMES: "[".repeat(100_000) + "]".repeat(100_000) }),
      `RUNTIMES[0]: a list ${NO_ENTRY}`,
    ],
    [
      "has a value that is nested very deeply",
      settings({ RUNTIMES: `[{"id":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}]` }),
      `RUNTIMES[0].id: an object is not accepted; give an ARM id: ${FORMAT}`,
    ],
  ])("%s", (_, given, ...problems) => {
    expect(problemsOf(given)).toEqual(problems);
  });
});

describe("an ARM id", () => {
  const refused = (part: string, accepted: string) =>
    `RUNTIMES[0]: the ${part} is not accepted; give ${accepted}`;
  test.each<[string, string, ...string[]]>([
    ["is just a name", "ir-one", `RUNTIMES[0]: "ir-one" is not accepted; give an ARM id: ${FORMAT}`],
    [
      "is that of a factory",
      ID.slice(0, ID.indexOf("/integrationRuntimes")),
      `RUNTIMES[0]: "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-one/pro…" is not accepted; give an ARM id: ${FORMAT}`,
    ],
    [
      "has something after it",
      `${ID}/nodes`,
      `RUNTIMES[0]: "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-one/pro…" is not accepted; give an ARM id: ${FORMAT}`,
    ],
    [
      "has a subscription that is no GUID",
      ID.replace("1111-2222", "prod-2222"),
      refused('subscription "1111prod-2222-3333-4444-555555555555"', "a GUID"),
    ],
    [
      "has a group that ends in a dot",
      armId("ir-one", "factory-one", "rg."),
      refused('resource group "rg."', GROUP),
    ],
    [
      "has a group with a space",
      armId("ir-one", "factory-one", "r g"),
      refused('resource group "r g"', GROUP),
    ],
    [
      "has a group of 91 characters",
      armId("ir-one", "factory-one", "g".repeat(91)),
      refused(`resource group "${"g".repeat(77)}…"`, GROUP),
    ],
    [
      "has a factory with an underscore",
      armId("ir-one", "my_factory"),
      refused('factory "my_factory"', NAME),
    ],
    [
      "has a factory of 64 characters",
      armId("ir-one", "f".repeat(64)),
      refused(`factory "${"f".repeat(64)}"`, NAME),
    ],
    ["has a runtime of 2 characters", armId("ir"), refused('integration runtime "ir"', NAME)],
    [
      "has a runtime with two hyphens in a row",
      armId("ir--one"),
      refused('integration runtime "ir--one"', NAME),
    ],
    ["ends in a hyphen", armId("ir-"), refused('integration runtime "ir-"', NAME)],
    ["ends in a line break", armId("ir-one\n"), refused('integration runtime "ir-one\\n"', NAME)],
    [
      "has letters that only look alike",
      armId("\u212Air-one"),
      refused('integration runtime "\u212Air-one"', NAME),
    ],
    [
      "is an auth key",
      "IR@FAKE@factory@FAKE",
      `RUNTIMES[0]: [redacted: it looks like a credential] is not accepted; give an ARM id: ${FORMAT}`,
    ],
    [
      "has an auth key in it",
      armId("IR@FAKE"),
      refused("integration runtime [redacted: it looks like a credential]", NAME),
    ],
    [
      "is wrong in two places",
      armId("-", "-"),
      refused('factory "-"', NAME),
      refused('integration runtime "-"', NAME),
    ],
  ])("%s", (_, id, ...problems) => {
    expect(problemsOf(withRuntimes(id))).toEqual(problems);
    expect(problemsOf(withRuntimes({ id }))).toEqual(problems.map((it) => it.replace("[0]", "[0].id")));
  });
});
