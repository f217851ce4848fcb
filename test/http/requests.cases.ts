import { HttpRequest, InvocationContext } from "@azure/functions";
import { describe, expect, test } from "vitest";
import { runtimeId } from "../support/service.ts";
import { ALPHA } from "../support/useService.ts";
import { given } from "./given.ts";

const FORMAT = 'give a JSON object such as {"runtimes": ["my-runtime"], "dryRun": true}';
const NAMES = 'a list of ARM ids, secret names or runtime names, or ["*"] for all runtimes';
const MISSING = `body.runtimes: missing; give ${NAMES} (only a dry run may leave it out)`;
const LISTED = 'What is wrong is listed in "problems".';
const GAMMA = runtimeId("alpha", "fabrikam");

const bytes = (...parts: (string | number)[]) =>
  new Uint8Array(parts.flatMap((part) => (typeof part === "number" ? [part] : [...Buffer.from(part)])));

describe("a request that cannot be used is answered with every problem, and nothing is done", () => {
  test.each<[what: string, body: string | Uint8Array | undefined, status: number, ...problems: string[]]>([
    [
      "that is no JSON",
      "rotate!",
      400,
      `body: not valid JSON: unexpected "r" at line 1, column 1; ${FORMAT}`,
    ],
    [
      "that ends too early",
      '{"dryRun":',
      400,
      `body: not valid JSON: it ends too early, at line 1, column 11; ${FORMAT}`,
    ],
    ["that is a list", "[]", 400, `body: a list is not accepted; ${FORMAT}`],
    ["that is null", "null", 400, `body: null is not accepted; ${FORMAT}`],
    ["that is no UTF-8", bytes('{"runtimes": ["', 0xff, '"]}'), 400, `body: not valid UTF-8; ${FORMAT}`],
    [
      "with a property that nobody knows",
      '{"runtime": ["alpha"], "force": true}',
      400,
      'body: unknown property "runtime", "force"; known properties are runtimes, dryRun, compromised',
      MISSING,
    ],
    [
      "with flags that are text",
      '{"dryRun": "yes", "compromised": 1}',
      400,
      'body.dryRun: "yes" is not accepted; give true or false',
      "body.compromised: 1 is not accepted; give true or false",
    ],
    [
      "with a name instead of a list",
      '{"runtimes": "alpha"}',
      400,
      `body.runtimes: "alpha" is not accepted; give ${NAMES}`,
    ],
    [
      "with an empty list",
      '{"runtimes": []}',
      400,
      `body.runtimes: an empty list is not accepted; give ${NAMES}`,
    ],
    [
      "with something else in the list",
      '{"runtimes": ["alpha-1", 7, {}]}',
      400,
      "body.runtimes[1]: 7 is not accepted; give an ARM id, a secret name or a runtime name, as text",
      "body.runtimes[2]: an object is not accepted; give an ARM id, a secret name or a runtime name, as text",
      'body.runtimes[0]: no configured runtime is called "alpha-1"; GET /api/status lists them',
    ],
    ["without a body", undefined, 400, MISSING],
    ["with an empty object", "{}", 400, MISSING],
    ["with white space for a body", " \r\n", 400, MISSING],
    [
      "that declares a compromise of nobody in particular",
      '{"compromised": true}',
      400,
      "body.compromised: true needs body.runtimes; name those whose keys are compromised",
    ],
    [
      "with a name that two runtimes have",
      '{"runtimes": ["alpha"]}',
      400,
      `body.runtimes[0]: "alpha" could be several runtimes; give the ARM id of the one you mean: ${ALPHA}, ${GAMMA}`,
    ],
    [
      "with a name that no runtime has",
      '{"runtimes": ["contoso-alpha", "omega"]}',
      404,
      'body.runtimes[1]: no configured runtime is called "omega"; GET /api/status lists them',
    ],
    [
      "that quotes what looks like a key",
      '{"runtimes": ["IR@made-up@FAKE"]}',
      404,
      "body.runtimes[0]: no configured runtime is called [redacted: it looks like a credential]; GET /api/status lists them",
    ],
    ["of 64 KiB and one byte", `{${" ".repeat(65_535)}}`, 400, "body: longer than 64 KiB"],
  ])("%s", async (_what, body, status, ...problems) => {
    const { app, azure } = given();
    const answer = await (await app([ALPHA, GAMMA])).post(body);
    expect([answer.status, answer.headers.get("content-type"), answer.body]).toEqual([
      status,
      "application/problem+json",
      {
        type: "about:blank",
        title: status === 404 ? "No such runtime" : "The request cannot be used",
        status,
        detail: LISTED,
        problems,
      },
    ]);
    expect(azure.calls).toEqual([]);
    expect(answer.log).toEqual([]);
  });
});

describe("a request is understood", () => {
  test.each<[what: string, body: string | Uint8Array | undefined, runtimes: string[]]>([
    ["by a star, for all", '{"runtimes": ["*"]}', [ALPHA, GAMMA]],
    ["that is a dry run and names nobody, for all", '{"dryRun": true}', [ALPHA, GAMMA]],
    ["by ARM id, in any case", JSON.stringify({ runtimes: [ALPHA.toUpperCase()] }), [ALPHA]],
    ["by the name of the secret", '{"runtimes": ["Fabrikam-Alpha"]}', [GAMMA]],
    [
      "once, however often it is named",
      JSON.stringify({ runtimes: [ALPHA, "contoso-alpha", ALPHA] }),
      [ALPHA],
    ],
    ["after a byte order mark", bytes(0xef, 0xbb, 0xbf, '{"runtimes": ["contoso-alpha"]}'), [ALPHA]],
    ["of 64 KiB exactly", `{"runtimes": ["contoso-alpha"]${" ".repeat(65_536 - 31)}}`, [ALPHA]],
  ])("%s", async (_what, body, runtimes) => {
    const { adopted, azure } = given();
    azure.addRuntime(GAMMA);
    const answer = await (await adopted(1, [ALPHA, GAMMA])).post(body);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([409, "application/json"]);
    expect(answer.body.runtimes.map(({ runtime }: { runtime: string }) => runtime)).toEqual(runtimes);
  });
});

test("a body that cannot even be read gets problem details that quote nothing, instead of an empty 500", async () => {
  const { app } = given();
  await app();
  const { rotateOnDemand } = await import("../../src/functions/rotateOnDemand.ts");
  const request = new HttpRequest({
    url: "https://rotation.azurewebsites.net/api/rotate",
    method: "POST",
    body: { string: "{}" },
  });
  await request.text();
  const log: string[] = [];
  const context = new InvocationContext({ logHandler: (level, text) => log.push(`${level} ${text}`) });
  expect(await rotateOnDemand(request, context)).toEqual({
    status: 500,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
    body: '{"type":"about:blank","title":"A defect of this app stopped the request","status":500,"detail":"What is wrong is listed in \\"problems\\".","problems":["unexpected TypeError; please report it"]}\n',
  });
  expect(log).toEqual(['error {"event":"rotation.bug","kind":"TypeError"}']);
});
