import { request } from "node:http";
import { ManagedIdentityCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { expect, test } from "vitest";
import { useLocalAzure } from "../support/localAzure.ts";
import { ALPHA, failure, VAULT } from "./clients.ts";
import { rawRequest } from "./rawRequest.ts";

const local = useLocalAzure({ armHost: "Management.Local.Azure" });
const get = (url: string, headers = {}) => rawRequest(local().env.HTTPS_PROXY, url, { headers });

test("a host that nobody plays is 502, and is logged", async () => {
  const answer = await get("https://example.com/some/path?query=1");
  expect(answer.status).toBe(502);
  expect(answer.body).toContain("Unknown host example.com");
  expect(local().calls).toMatchObject([
    { service: "other", operation: "unknown", resource: "https://example.com/some/path", status: 502 },
  ]);
});

test("a vault that does not exist is a host that nobody plays", async () => {
  const client = new SecretClient("https://missing.vault.azure.net", new ManagedIdentityCredential(), {
    retryOptions: { maxRetries: 0 },
  });
  expect((await failure(client.getSecret("alpha"))).status).toBe(502);
});

test("plain http through the proxy is 502 too", async () => {
  const { hostname, port } = new URL(local().env.HTTPS_PROXY);
  const status = await new Promise((resolve, reject) => {
    request({ hostname, port, path: "http://example.com/" }, (response) =>
      resolve(response.resume().statusCode),
    )
      .on("error", reject)
      .end();
  });
  expect(status).toBe(502);
});

test("ARM answers for another cloud's host, with that host's audience", async () => {
  local().addRuntime(ALPHA);
  const { token } = local().tokens.issue("https://management.local.azure", 60);
  const url = `https://management.local.azure${ALPHA}?api-version=2018-06-01`;
  expect((await get(url, { authorization: `Bearer ${token}` })).status).toBe(200);
  expect((await get(`https://management.azure.com${ALPHA}`)).status).toBe(502);
});

test("ARM without a token is 401", async () => {
  const { status, body } = await get(`https://management.local.azure${ALPHA}?api-version=2018-06-01`);
  expect(status).toBe(401);
  expect(JSON.parse(body).error.code).toBe("AuthenticationFailed");
});

test.each([
  ["", "MissingApiVersionParameter"],
  ["?api-version=1999-01-01", "InvalidApiVersionParameter"],
  ["/start?api-version=2018-06-01", "NotFound"],
])("ARM refuses the path that ends in '%s'", async (end, code) => {
  local().addRuntime(ALPHA);
  const { token } = local().tokens.issue("https://management.local.azure", 60);
  const { body } = await get(`https://management.local.azure${ALPHA}${end}`, {
    authorization: `Bearer ${token}`,
  });
  expect(JSON.parse(body).error.code).toBe(code);
});

test.each([
  ["GET", "/secrets/alpha", "", "The api-version is missing."],
  ["GET", "/keys/alpha?api-version=7.6", "", "No such operation"],
  ["PUT", "/secrets/alpha?api-version=7.6", "{", "not valid JSON"],
  ["PUT", "/secrets/alpha?api-version=7.6", "", "has no value"],
  ["GET", "/secrets/alpha/versions?api-version=7.6&maxresults=26", "", "maxresults"],
])("Key Vault refuses %s %s %s", async (method, path, body, message) => {
  local().addVault(VAULT);
  const { token } = local().tokens.issue("https://vault.azure.net", 60);
  const headers = { authorization: `Bearer ${token}` };
  const answer = await rawRequest(local().env.HTTPS_PROXY, `${VAULT}${path}`, { method, headers, body });
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body).error).toMatchObject({
    code: "BadParameter",
    message: expect.stringContaining(message),
  });
});
