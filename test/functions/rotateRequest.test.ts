import { describe, expect, test } from "vitest";
import { parseRotateRequest, RequestError } from "../../src/functions/rotateRequest.ts";
import { armId, configOf } from "../config/settings.ts";

// "ir-one" is a runtime of two factories; "Spare" is the secret of one runtime and the name of another;
// "shared" is a secret name in two vaults; "itself" is both names of one runtime.
const CONFIG = configOf(
  armId("ir-one", "factory-one"),
  armId("ir-one", "factory-two"),
  { id: armId("ir-two"), secretName: "Spare" },
  armId("spare"),
  { id: armId("ir-four"), secretName: "shared" },
  { id: armId("ir-five"), secretName: "shared", keyVaultUrl: "https://other.vault.azure.net" },
  { id: armId("itself"), secretName: "itself" },
);

const parse = (body: unknown) => parseRotateRequest(JSON.stringify(body), CONFIG)!;
const named = (...runtimes: string[]) => parse({ runtimes }).runtimes.map(({ id }) => id.text);
const NOBODY = { dryRun: true };

function errorOf(body: string): RequestError {
  try {
    parseRotateRequest(body, CONFIG);
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
  throw new Error("the request was accepted");
}

describe("a request", () => {
  test.each([
    ["by a star alone", { runtimes: ["*"] }, false],
    ["by a star alone, of which a dry run asks", { runtimes: ["*"], dryRun: true }, true],
    ["by a dry run that names nobody", NOBODY, true],
  ])("asks for all runtimes %s, and has named none of them", (_, body, dryRun) => {
    expect(parse(body)).toEqual({ kind: "on-demand", runtimes: CONFIG.runtimes, named: false, dryRun });
  });

  test("that gives every name has named them", () => {
    const runtimes = CONFIG.runtimes.map(({ id }) => id.text);
    expect(parse({ runtimes })).toEqual({
      kind: "on-demand",
      runtimes: CONFIG.runtimes,
      named: true,
      dryRun: false,
    });
  });

  test("takes both flags", () => {
    expect(parse({ dryRun: true })).toMatchObject({ kind: "on-demand", dryRun: true });
    expect(parse({ runtimes: ["ir-two"], compromised: true, dryRun: true })).toMatchObject({
      runtimes: [CONFIG.runtimes[2]],
      dryRun: true,
      kind: "compromised",
    });
  });

  test.each([
    ["an ARM id", armId("ir-one", "factory-two"), armId("ir-one", "factory-two")],
    [
      "an ARM id in another case",
      armId("ir-one", "factory-two").toUpperCase(),
      armId("ir-one", "factory-two"),
    ],
    ["a secret name in another case", "FACTORY-ONE-ir-one", armId("ir-one", "factory-one")],
    ["a runtime name that only one has", "IR-two", armId("ir-two")],
    ["a name that is a runtime and its own secret", "itself", armId("itself")],
  ])("names a runtime by %s", (_, name, id) => {
    expect(named(name)).toEqual([id]);
  });

  test("takes each runtime once, in the order in which they were named", () => {
    expect(named("itself", "ir-two", armId("ITSELF"), "ir-two", "IR-TWO")).toEqual([
      armId("itself"),
      armId("ir-two"),
    ]);
  });

  test("takes a runtime that a pattern covers once as well, whatever the case of its id", () => {
    const body = JSON.stringify({ runtimes: [armId(), armId().toUpperCase()] });
    expect(parseRotateRequest(body, configOf(armId("*")))?.runtimes.length).toBe(1);
  });
});

describe("a request that is refused", () => {
  const NAMES = 'give a list of ARM ids, secret names or runtime names, or ["*"] for all runtimes';
  const MISSING = `body.runtimes: missing; ${NAMES} (only a dry run may leave it out)`;
  const BODY = 'give a JSON object such as {"runtimes": ["my-runtime"], "dryRun": true}';
  const TEXT = "is not accepted; give an ARM id, a secret name or a runtime name, as text";
  const unknown = (place: string, name: string) =>
    `body.runtimes[${place}]: no configured runtime is called ${name}; GET /api/status lists them`;
  const several = (name: string, ...ids: string[]) =>
    `body.runtimes[0]: "${name}" could be several runtimes; give the ARM id of the one you mean: ${ids.join(", ")}`;
  const REDACTED = "[redacted: it looks like a credential]";

  test.each<[string, string, 400 | 404, ...string[]]>([
    ["no JSON", "runtimes=all", 400, `body: not valid JSON: unexpected "r" at line 1, column 1; ${BODY}`],
    [
      "cut JSON",
      '{"dryRun": true',
      400,
      `body: not valid JSON: it ends too early, at line 1, column 16; ${BODY}`,
    ],
    [
      "JSON with an auth key",
      '{"runtimes": [IR@FAKE]}',
      400,
      `body: not valid JSON: unexpected "I" at line 1, column 15; ${BODY}`,
    ],
    ["null", "null", 400, `body: null is not accepted; ${BODY}`],
    ["a list", '["itself"]', 400, `body: a list is not accepted; ${BODY}`],
    ["a string", '"IR@FAKE"', 400, `body: ${REDACTED} is not accepted; ${BODY}`],
    [
      "an unknown property",
      '{"dryrun": true}',
      400,
      'body: unknown property "dryrun"; known properties are runtimes, dryRun, compromised',
      MISSING,
    ],
    [
      "a __proto__",
      '{"__proto__": {"dryRun": true}}',
      400,
      'body: unknown property "__proto__"; known properties are runtimes, dryRun, compromised',
      MISSING,
    ],
    ["a flag as text", '{"dryRun": "true"}', 400, 'body.dryRun: "true" is not accepted; give true or false'],
    [
      "a flag as number",
      '{"compromised": 1}',
      400,
      "body.compromised: 1 is not accepted; give true or false",
      MISSING,
    ],
    ["a flag that is null", '{"dryRun": null}', 400, "body.dryRun: null is not accepted; give true or false"],
    ["nothing at all", "", 400, MISSING],
    ["white space", " \r\n\t", 400, MISSING],
    ["an empty object", " {} ", 400, MISSING],
    ["no runtimes and no dry run", '{"dryRun": false, "compromised": false}', 400, MISSING],
    [
      "a star beside a name",
      '{"runtimes": ["itself", "*"]}',
      400,
      'body.runtimes[1]: "*" means all runtimes; give it alone, or leave it out',
    ],
    [
      "two stars",
      '{"runtimes": ["*", "*"], "dryRun": true}',
      400,
      'body.runtimes[0]: "*" means all runtimes; give it alone, or leave it out',
    ],
    [
      "a star for those that are compromised",
      '{"runtimes": ["*"], "compromised": true}',
      400,
      'body.runtimes[0]: "*" cannot be combined with compromised; name those whose keys are compromised',
    ],
    ["a star and a blank", '{"runtimes": ["* "]}', 404, unknown("0", '"* "')],
    [
      "no list of runtimes",
      '{"runtimes": "itself"}',
      400,
      `body.runtimes: "itself" is not accepted; ${NAMES}`,
    ],
    ["runtimes that are null", '{"runtimes": null}', 400, `body.runtimes: null is not accepted; ${NAMES}`],
    ["an empty list", '{"runtimes": []}', 400, `body.runtimes: an empty list is not accepted; ${NAMES}`],
    [
      "an empty list of compromised runtimes",
      '{"runtimes": [], "compromised": true}',
      400,
      `body.runtimes: an empty list is not accepted; ${NAMES}`,
    ],
    ["a number for a name", '{"runtimes": ["itself", 5]}', 400, `body.runtimes[1]: 5 ${TEXT}`],
    ...['{"compromised": true}', '{"compromised": true, "dryRun": true}'].map(
      (body): [string, string, 400, string] => [
        `compromised without runtimes, ${body}`,
        body,
        400,
        "body.compromised: true needs body.runtimes; name those whose keys are compromised",
      ],
    ),
    ["an unknown name", '{"runtimes": ["itself", "nobody"]}', 404, unknown("1", '"nobody"')],
    ["an empty name", '{"runtimes": [""]}', 404, unknown("0", '""')],
    ["an unknown name twice", '{"runtimes": ["nobody", "nobody"]}', 404, unknown("0", '"nobody"')],
    [
      "the name of something that every object has",
      '{"runtimes": ["constructor", "__proto__"]}',
      404,
      unknown("0", '"constructor"'),
      unknown("1", '"__proto__"'),
    ],
    ["an auth key for a name", '{"runtimes": ["IR@FAKE@factory-one@FAKE"]}', 404, unknown("0", REDACTED)],
    ["a line break in a name", '{"runtimes": ["a\\nb"]}', 404, unknown("0", '"a\\nb"')],
    [
      "the name of two runtimes",
      '{"runtimes": ["IR-one"]}',
      400,
      several("IR-one", armId("ir-one", "factory-one"), armId("ir-one", "factory-two")),
    ],
    [
      "the secret name of two runtimes",
      '{"runtimes": ["shared"]}',
      400,
      several("shared", armId("ir-four"), armId("ir-five")),
    ],
    [
      "the secret name of one and the name of another",
      '{"runtimes": ["spare"]}',
      400,
      several("spare", armId("ir-two"), armId("spare")),
    ],
    [
      "everything at once",
      '{"runtimes": ["spare", "nobody", false], "dryRun": 1, "all": true}',
      400,
      "body.dryRun: 1 is not accepted; give true or false",
      'body: unknown property "all"; known properties are runtimes, dryRun, compromised',
      several("spare", armId("ir-two"), armId("spare")),
      `body.runtimes[2]: false ${TEXT}`,
      unknown("1", '"nobody"'),
    ],
  ])("%s", (_, body, status, ...problems) => {
    const error = errorOf(body);
    expect([...error.problems].sort()).toEqual([...problems].sort());
    expect(error.status).toBe(status);
    expect(error.name).toBe("RequestError");
    expect(error.message).toBe(error.problems.join("\n"));
  });

  test("a body that is nested very deeply", () => {
    const deep = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
    expect(errorOf(`{"runtimes": [${deep}]}`).problems).toEqual([`body.runtimes[0]: a list ${TEXT}`]);
  });

  test("a list as long as a body can be costs little", () => {
    const names = JSON.stringify(Array.from({ length: 16_000 }, () => "spare"));
    expect(errorOf(`{"runtimes": ${names}}`).message.length).toBeLessThan(600);
  });
});
