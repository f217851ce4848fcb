import { ManagedIdentityCredential } from "@azure/identity";
import { expect, test } from "vitest";
import { foreign } from "../../local/azure/faults.ts";
import type { Operation } from "../../local/azure/model/calls.ts";
import { NEEDS } from "../../local/azure/model/needs.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import {
  ALPHA,
  collect,
  FACTORY,
  factories,
  failure,
  runtimes,
  SUBSCRIPTION,
  secrets,
  VAULT,
} from "./clients.ts";
import { type RawAnswer, rawRequest } from "./rawRequest.ts";

const local = useLocalAzure();
const ARM = "https://management.azure.com";
const SECRET = `${VAULT}/secrets/alpha`;
const VERSION = "0".repeat(32);

const requests: [Operation, string, string][] = [
  ["listFactories", "GET", `${ARM}/subscriptions/${SUBSCRIPTION}/providers/Microsoft.DataFactory/factories`],
  ["listByFactory", "GET", `${ARM}${FACTORY}/integrationRuntimes`],
  ["getRuntime", "GET", `${ARM}${ALPHA}`],
  ["getStatus", "POST", `${ARM}${ALPHA}/getStatus`],
  ["listAuthKeys", "POST", `${ARM}${ALPHA}/listAuthKeys`],
  ["regenerateAuthKey", "POST", `${ARM}${ALPHA}/regenerateAuthKey`],
  ["getSecret", "GET", `${SECRET}/`],
  ["getSecretVersion", "GET", `${SECRET}/${VERSION}`],
  ["setSecret", "PUT", SECRET],
  ["updateSecret", "PATCH", `${SECRET}/${VERSION}`],
  ["listVersions", "GET", `${SECRET}/versions`],
];

/** A request whose token opens both services. */
async function ask(method: string, url: string): Promise<RawAnswer> {
  const { token } = local().tokens.issue(url.startsWith(ARM) ? ARM : "https://vault.azure.net", 60);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = method === "GET" ? "" : '{"value":"v","keyName":"authKey1"}';
  return rawRequest(local().env.HTTPS_PROXY, `${url}?api-version=2018-06-01`, { method, headers, body });
}

const ofService = ({ headers }: RawAnswer) => Object.keys(headers).filter((name) => name.startsWith("x-ms-"));

test("the requests of this file are one of each operation that needs a token", () => {
  expect(requests.map(([operation]) => operation).toSorted()).toEqual(Object.keys(NEEDS).toSorted());
});

test.each(requests)(
  "%s can be answered by somebody else, with any status, and nothing has happened",
  async (operation, method, url) => {
    local().addRuntime(ALPHA);
    local().addVault(VAULT);
    const keys = local().liveKeys(ALPHA);
    for (const status of [200, 403, 404, 409, 502]) {
      local().faults.inject({ operation, fault: foreign(status) });
      const page = await ask(method, url);
      expect(page).toMatchObject({ status, body: expect.stringContaining(`<title>${status} `) });
      expect(page.headers).toMatchObject({ "content-type": "text/html", date: expect.any(String) });
      local().faults.inject({ operation, fault: foreign(status, "empty") });
      const nothing = await ask(method, url);
      expect(nothing).toMatchObject({ status, body: "" });
      expect(nothing.headers).not.toHaveProperty("content-type");
      expect([page, nothing].flatMap(ofService)).toEqual([]);
    }
    expect(local().liveKeys(ALPHA)).toEqual(keys);
    expect(local().latestVersion(VAULT, "alpha")).toBeUndefined();
    expect(local().calls.map((call) => [call.operation, call.effect])).toEqual(
      Array(10).fill([operation, false]),
    );
    expect(ofService(await ask(method, url))).toContain("x-ms-request-id");
  },
);

test("somebody else's answer can come after the service has done its work", async () => {
  local().addRuntime(ALPHA);
  const { authKey1 } = local().liveKeys(ALPHA);
  local().faults.inject({ operation: "regenerateAuthKey", when: "after", fault: foreign(404) });
  const key = { keyName: "authKey1" };
  expect(await failure(runtimes().regenerateAuthKey("rg", "contoso", "alpha", key))).toMatchObject({
    status: 404,
    code: undefined,
  });
  expect(local().liveKeys(ALPHA).authKey1).not.toBe(authKey1);
});

test.each(["html", "empty"] as const)(
  "a token's answer can be somebody else's (%s): there is no token",
  async (body) => {
    for (const status of [200, 403, 404, 502]) {
      const audience = `https://${body}${status}.example.com/.default`;
      local().faults.inject({ operation: "token", fault: foreign(status, body), times: 99 });
      await expect(new ManagedIdentityCredential().getToken(audience)).rejects.toThrow();
    }
  },
);

test("of somebody else's 200, Data Factory's SDK makes a success without content: a list that is empty", async () => {
  local().addRuntime(ALPHA);
  for (const body of ["html", "empty"] as const) {
    local().faults.inject({
      operation: Object.keys(NEEDS) as Operation[],
      fault: foreign(200, body),
      times: 4,
    });
    expect(await collect(factories().list())).toEqual([]);
    expect(await collect(runtimes().listByFactory("rg", "contoso"))).toEqual([]);
    expect((await runtimes().getStatus("rg", "contoso", "alpha")).properties).toBeUndefined();
    expect((await runtimes().listAuthKeys("rg", "contoso", "alpha")).authKey1).toBeUndefined();
  }
});

test("somebody else's 200 in the middle of the pages ends a list, as if it were whole", async () => {
  local().state.dataFactory.pageSize = 1;
  for (const name of ["r1", "r2", "r3"]) local().addRuntime(`${FACTORY}/integrationRuntimes/${name}`);
  local().faults.inject({ operation: "listByFactory", attempt: 2, fault: foreign(200) });
  const found = await collect(runtimes().listByFactory("rg", "contoso"));
  expect(found.map(({ name }) => name)).toEqual(["r1"]);
});

test("of somebody else's answer without a body, Key Vault's SDK makes a TypeError without a status", async () => {
  local().addVault(VAULT);
  local().faults.inject({ operation: ["getSecret", "challenge"], fault: foreign(404) });
  expect(await failure(secrets().getSecret("alpha"))).toMatchObject({ status: 404, code: undefined });
  for (const status of [200, 403, 404, 409, 502]) {
    local().faults.inject({ operation: ["getSecret", "challenge"], fault: foreign(status, "empty") });
    const error = await failure(secrets().getSecret("alpha"));
    expect(error).toMatchObject({ name: "TypeError", status: undefined });
  }
});
