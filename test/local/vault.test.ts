import { expect, test } from "vitest";
import { useLocalAzure } from "../support/localAzure.ts";
import { collect, failure, secrets, VAULT } from "./clients.ts";
import { rawRequest } from "./rawRequest.ts";

const local = useLocalAzure();

/** A client past its first call, whose body would be lost to the challenge if two came at once. */
async function vaultClient() {
  local().addVault(VAULT);
  const client = secrets();
  await client.setSecret("other", "v");
  return client;
}

test("a secret that was set is read back with its tags, attributes and times", async () => {
  const client = await vaultClient();
  const expiresOn = new Date("2027-05-01T00:00:00Z");
  const notBefore = new Date("2027-01-01T00:00:00Z");
  local().clock.stop(Date.UTC(2026, 11, 24, 8, 30, 15, 999));
  const written = await client.setSecret("alpha", "value", {
    contentType: "text/plain",
    tags: { owner: "us" },
    expiresOn,
    notBefore,
  });
  expect(written.properties).toMatchObject({
    version: expect.stringMatching(/^[0-9a-f]{32}$/),
    enabled: true,
    contentType: "text/plain",
    tags: { owner: "us" },
    expiresOn,
    notBefore,
    createdOn: new Date("2026-12-24T08:30:15Z"),
    updatedOn: new Date("2026-12-24T08:30:15Z"),
  });
  expect(await client.getSecret("alpha")).toEqual({ ...written, value: "value" });
});

test("the vault tells its own time, and an unversioned get comes with a slash at the end", async () => {
  const client = await vaultClient();
  await client.setSecret("alpha", "v");
  local().clock.stop(Date.parse("2027-01-01T00:00:00Z"));
  let date: string | undefined;
  let url = "";
  await client.getSecret("alpha", {
    onResponse: (response) => {
      date = response.headers.get("date");
      url = response.request.url;
    },
  });
  expect(date).toBe("Fri, 01 Jan 2027 00:00:00 GMT");
  expect(url).toMatch(/\/secrets\/alpha\/\?api%2Dversion=/);
});

test("older versions stay readable by their id", async () => {
  const client = await vaultClient();
  const first = await client.setSecret("alpha", "first");
  await client.setSecret("alpha", "second");
  const version = first.properties.version ?? "";
  expect((await client.getSecret("alpha", { version })).value).toBe("first");
  expect((await client.getSecret("alpha")).value).toBe("second");
});

test("an update answers the properties, and reads as the latest version's own", async () => {
  const client = await vaultClient();
  const { properties } = await client.setSecret("alpha", "v", {
    tags: { a: "1" },
    contentType: "text/plain",
  });
  const updated = await client.updateSecretProperties("alpha", properties.version ?? "", {
    tags: { b: "2" },
  });
  expect(updated).toMatchObject({ tags: { b: "2" }, contentType: "text/plain", version: properties.version });
  expect((await client.getSecret("alpha")).properties.tags).toEqual({ b: "2" });
});

test("versions are listed page by page, without values", async () => {
  const client = await vaultClient();
  for (let version = 0; version < 30; version++) await client.setSecret("alpha", `v${version}`);
  const pages = await collect(client.listPropertiesOfSecretVersions("alpha").byPage());
  expect(pages.map((page) => page.length)).toEqual([25, 5]);
  expect(new Set(pages.flat().map((version) => version.version)).size).toBe(30);
  expect(JSON.stringify(pages)).not.toContain('"value"');
  const small = await collect(client.listPropertiesOfSecretVersions("alpha").byPage({ maxPageSize: 12 }));
  expect(small.map((page) => page.length)).toEqual([12, 12, 6]);
  expect(await collect(client.listPropertiesOfSecretVersions("missing"))).toEqual([]);
});

test("a missing secret is 404", async () => {
  const client = await vaultClient();
  expect(await failure(client.getSecret("missing"))).toMatchObject({
    status: 404,
    code: "SecretNotFound",
    message: expect.stringContaining("A secret with (name/id) missing was not found in this key vault."),
  });
});

test("a disabled version is 403 with SecretDisabled within", async () => {
  const client = await vaultClient();
  const { properties } = await client.setSecret("alpha", "v");
  await client.updateSecretProperties("alpha", properties.version ?? "", { enabled: false });
  expect(await failure(client.getSecret("alpha"))).toMatchObject({
    status: 403,
    code: "Forbidden",
    inner: "SecretDisabled",
    message: "Operation get is not allowed on a disabled secret.",
  });
});

test("a name that is soft-deleted is 409 with ObjectIsDeletedButRecoverable within", async () => {
  const client = await vaultClient();
  await client.setSecret("alpha", "v");
  local().deleteSecret(VAULT, "alpha");
  expect((await failure(client.getSecret("alpha"))).status).toBe(404);
  expect(await failure(client.setSecret("alpha", "w"))).toMatchObject({
    status: 409,
    code: "Conflict",
    inner: "ObjectIsDeletedButRecoverable",
  });
  local().recoverSecret(VAULT, "alpha");
  expect((await client.getSecret("alpha")).value).toBe("v");
});

test("an invalid name and too many tags are 400", async () => {
  const client = await vaultClient();
  expect(await failure(client.getSecret("my_secret"))).toMatchObject({
    status: 400,
    code: "BadParameter",
    message: "The request URI contains an invalid name: my_secret",
  });
  const tags = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`tag${index}`, "x"]));
  expect((await failure(client.setSecret("alpha", "v", { tags }))).status).toBe(400);
});

test("the first call is challenged, and is logged apart from the one that counts", async () => {
  local().addVault(VAULT);
  const client = secrets();
  await client.setSecret("alpha", "v");
  await client.getSecret("alpha");
  await client.updateSecretProperties("alpha", "", { enabled: true });
  await collect(client.listPropertiesOfSecretVersions("alpha"));
  const right = "Microsoft.KeyVault/vaults/secrets";
  const resource = `${VAULT}/secrets/alpha`;
  expect(local().calls.filter((call) => call.service === "vault")).toMatchObject([
    { operation: "challenge", resource, action: undefined, status: 401, effect: false },
    { operation: "setSecret", resource, action: `${right}/setSecret/action`, status: 200, effect: true },
    { operation: "getSecret", resource, action: `${right}/getSecret/action`, status: 200, effect: false },
    { operation: "updateSecret", resource, action: `${right}/update/action`, status: 200, effect: true },
    {
      operation: "listVersions",
      resource,
      action: `${right}/readMetadata/action`,
      status: 200,
      effect: false,
    },
  ]);
});

test("a request without a token is challenged with the tenant and the audience", async () => {
  local().addVault(VAULT);
  const { status, headers, body } = await rawRequest(
    local().env.HTTPS_PROXY,
    `${VAULT}/secrets/alpha?api-version=7.6`,
    { method: "PUT" },
  );
  expect(status).toBe(401);
  expect(headers["www-authenticate"]).toMatch(
    /^Bearer authorization="https:\/\/login\.microsoftonline\.com\/[\w-]+", resource="https:\/\/vault\.azure\.net"$/,
  );
  expect(JSON.parse(body)).toEqual({
    error: { code: "Unauthorized", message: "AKV10000: Request is missing a Bearer or PoP token." },
  });
});
