import { describe, expect, test } from "vitest";
import { type Fault, foreign } from "../../local/azure/faults.ts";
import { managedIdentity } from "../../src/azure/credential.ts";
import type { ServiceError } from "../../src/errors.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { adapters, failureOf, METHODS, type Method, operationOf } from "./operations.ts";

const azure = useLocalAzure({ storage: true });

const HTML = "<html><body>FAKE portal of a proxy</body></html>";
const html = { "content-type": "text/html" };
const json = { "content-type": "application/json" };

/** What a proxy answers, or a host that private DNS leads to in the service's place. */
const bodies: Record<string, (status: number) => Fault> = {
  HTML: (status) => foreign(status),
  "HTML that is called JSON": (status) => ({ status, body: HTML, headers: json }),
  nothing: (status) => foreign(status, "empty"),
  "somebody else's JSON": (status) => ({
    status,
    body: '{"statusCode":404,"message":"FAKE resource not found"}',
    headers: json,
  }),
  "JSON that is no object": (status) => ({ status, body: '"NotFound"', headers: json }),
};

async function meeting(method: Method, ...faults: Fault[]): Promise<ServiceError[]> {
  const call = await adapters(azure());
  const errors = [];
  for (const fault of faults) {
    const injected = azure().faults.inject({ operation: operationOf(method), times: 9, fault });
    errors.push(await failureOf(call(method)));
    injected.remove();
  }
  return errors;
}

describe.each(Object.entries(bodies))(
  "an answer that is not the service's own (%s) is never a state",
  (_, fault) => {
    test.for(METHODS)("of %s, whatever its status", async (method) => {
      const statuses = [400, 401, 403, 404, 407, 409, 412];
      const errors = await meeting(method, ...statuses.map(fault));
      expect(errors.map(({ status }) => status)).toEqual(statuses);
      for (const error of errors) {
        // Not refused by the service either: what stands between may have kept back its answer alone.
        expect(error).toMatchObject({ reason: "unexpected-response", code: undefined, refused: false });
        expect(error.message).toMatch(
          /probably from a proxy, or from a host that private DNS returns.*check the proxy/,
        );
        expect(error.message).not.toContain("FAKE");
      }
    });
  },
);

describe("a success that is not the service's own decides nothing", () => {
  test.for(METHODS.filter((method) => operationOf(method) !== "releaseLease"))(
    "%s with 200 and HTML",
    async (method) => {
      const [error] = await meeting(method, { status: 200, body: HTML, headers: html });
      expect(error).toMatchObject({ reason: "unexpected-response", status: 200 });
      expect(error?.message).toMatch(/probably from a proxy/);
    },
  );

  test("a lease is released by nobody's word either, and runs out by itself", async () => {
    const call = await adapters(azure());
    azure().faults.inject({ operation: "releaseLease", fault: { status: 200, body: HTML, headers: html } });
    await call("release");
    expect(await call("renew")).toBe(true);
  });

  test.for(METHODS)("%s with 200 and nothing", async (method) => {
    if (method === "release") return;
    expect(await meeting(method, "empty200")).toMatchObject([
      {
        reason: "unexpected-response",
        status: 200,
      },
    ]);
  });
});

describe("only the service's own words are a state", () => {
  test("no secret, a disabled one", async () => {
    const call = await adapters(azure());
    azure().state.keyVault.vaults["contoso.vault.azure.net"]!.secrets = {};
    expect(await call("getLatest")).toMatchObject({ secret: { state: "missing" } });
  });

  test.for([
    ["ARM has no runtime", "list", 404, '{"error":{"code":"SecretNotFound"}}'],
    ["a vault's NotFound is no missing secret", "getLatest", 404, '{"error":{"code":"NotFound"}}'],
    ["a vault's Forbidden is no disabled secret", "getLatest", 403, '{"error":{"code":"Forbidden"}}'],
  ] as const)("%s", async ([, method, status, body]) => {
    const [error] = await meeting(method, { status, body, headers: json });
    expect(error).toMatchObject({ name: "ServiceError", status });
  });

  test.for([
    ["a lease that somebody holds", "acquire", 409, "LeaseAlreadyPresent", undefined],
    ["one that is being broken", "acquire", 409, "LeaseIsBreakingAndCannotBeAcquired", undefined],
    ["a lease that is lost", "renew", 409, "LeaseIdMismatchWithLeaseOperation", false],
    ["one that is broken", "renew", 409, "LeaseIsBrokenAndCannotBeRenewed", false],
    ["one whose blob is gone", "renew", 404, "BlobNotFound", false],
    ["one whose container is gone", "renew", 404, "ContainerNotFound", false],
    ["one to give back that is lost", "release", 412, "LeaseLost", undefined],
  ] as const)("%s", async ([, method, status, code, value]) => {
    const call = await adapters(azure());
    const fault = { status, headers: { "x-ms-error-code": code } };
    azure().faults.inject({ operation: operationOf(method), fault });
    expect(await call(method)).toBe(value);
  });

  test("a storage account that answers with a code of its own is no free and no lost lease", async () => {
    const headers = { "x-ms-error-code": "FakeOfTomorrow" };
    for (const method of ["acquire", "renew", "release"] as const) {
      const errors = await meeting(method, ...[404, 409, 412].map((status) => ({ status, headers })));
      for (const error of errors) {
        expect(error).toMatchObject({ reason: "unexpected-response", code: "FakeOfTomorrow" });
      }
    }
  });

  test("a container or a blob that a proxy calls missing is not made", async () => {
    const call = await adapters(azure());
    azure().faults.inject({ operation: "acquireLease", fault: { status: 404, body: HTML, headers: html } });
    const before = azure().calls.length;
    await failureOf(call("acquire"));
    expect(
      azure()
        .calls.slice(before)
        .map(({ operation }) => operation),
    ).toEqual(["acquireLease"]);
  });
});

describe("an endpoint that gives no token", () => {
  // Tokens are kept by the library for the life of the process: each test asks for one of its own.
  let audiences = 0;
  const tokenWith = async (fault: Fault) => {
    azure().faults.inject({ operation: "token", times: 9, fault });
    audiences += 1;
    return await failureOf(
      managedIdentity(undefined).getToken(`https://audience${audiences}.example/.default`),
    );
  };

  test.for([200, 302, 400, 403, 404])(
    "and answers %s with HTML is a proxy, and NO_PROXY is named",
    async (status) => {
      const error = await tokenWith({ status, body: HTML, headers: html });
      expect(error).toMatchObject({ reason: "unexpected-response", status, nothingSent: true });
      expect(error.message).toContain("add the host of IDENTITY_ENDPOINT to NO_PROXY");
      expect(error.message).not.toContain("FAKE");
    },
  );

  test.for([
    ["App Service", { StatusCode: 400, Message: "FAKE No MSI found for specified ClientId." }],
    [
      "a virtual machine",
      { error: "invalid_request", error_description: "FAKE No MSI found for specified ClientId." },
    ],
  ])("and is %s's own is quoted, and the setting is named", async ([, body]) => {
    const error = await tokenWith({ status: 400, body: JSON.stringify(body), headers: json });
    expect(error).toMatchObject({ reason: "unavailable", status: 400, nothingSent: true });
    expect(error.message).toMatch(
      /\("FAKE No MSI found for specified ClientId\."\); check that the app has .*AZURE_CLIENT_ID/,
    );
  });

  test.for([429, 500, 503])("and answers %s may pass, and no identity is blamed", async (status) => {
    const error = await tokenWith({
      status,
      body: JSON.stringify({ Message: "FAKE later." }),
      headers: json,
    });
    expect(error).toMatchObject({ reason: "unavailable", status });
    expect(error.message).toMatch(/\("FAKE later\."\); the next tick tries again$/);
  });

  test("and cannot be reached may pass", async () => {
    const error = await tokenWith("reset");
    expect(error).toMatchObject({ reason: "unavailable", status: undefined, nothingSent: true });
    expect(error.message).toContain("could not be reached");
  });
});
