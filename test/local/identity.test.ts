import { ManagedIdentityCredential } from "@azure/identity";
import { afterEach, expect, test, vi } from "vitest";
import { useLocalAzure } from "../support/localAzure.ts";
import { ALPHA, failure, runtimes, secrets, VAULT } from "./clients.ts";

const local = useLocalAzure();
const NOW = Date.parse("2027-01-01T00:00:00Z");

/** Not for what goes over TLS: certificates are valid now. */
function stopTime(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
}
afterEach(() => {
  vi.useRealTimers();
});
const ARM = "https://management.azure.com";

async function ask(query: Record<string, string>, header = local().env.IDENTITY_HEADER) {
  const response = await fetch(`${local().env.IDENTITY_ENDPOINT}?${new URLSearchParams(query)}`, {
    headers: { "x-identity-header": header },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test("the managed identity gets a token for what it asked for", async () => {
  stopTime();
  const { token, expiresOnTimestamp } = await new ManagedIdentityCredential().getToken(`${ARM}/.default`);
  expect(local().tokens.problem(`Bearer ${token}`, [ARM])).toBeUndefined();
  expect(expiresOnTimestamp).toBe(NOW + 86_400_000);
  expect(local().calls).toMatchObject([{ service: "identity", operation: "token", resource: ARM }]);
});

test("a token tells its audience and when it ends", async () => {
  stopTime();
  local().identity.tokenLifetime = 60;
  const { body } = await ask({ resource: ARM });
  expect(body).toMatchObject({ resource: ARM, token_type: "Bearer" });
  expect(Number(body.expires_on)).toBe(NOW / 1000 + 60);
});

test("a missing or wrong identity header is refused", async () => {
  expect((await ask({ resource: ARM }, "wrong")).status).toBe(403);
});

test("a user-assigned identity must be asked for by its client id, a system-assigned one without", async () => {
  const refusal = { StatusCode: 400, Message: "No MSI found for specified ClientId/ResourceId." };
  const asUserAssigned = { resource: ARM, client_id: "22222222-2222-2222-2222-222222222222" };
  expect((await ask(asUserAssigned)).body).toMatchObject(refusal);
  local().identity.clientId = asUserAssigned.client_id;
  expect((await ask(asUserAssigned)).status).toBe(200);
  expect((await ask({ resource: ARM })).status).toBe(400);
});

test("an identity endpoint that is down fails the credential", async () => {
  local().faults.inject({ operation: "token", times: Infinity, fault: { status: 403 } });
  const error = await failure(new ManagedIdentityCredential().getToken("https://down.example/.default"));
  expect(error.name).toMatch(/AuthenticationError|CredentialUnavailableError/);
});

test.each([
  ["wrong", () => "FAKE.nonsense", "InvalidAuthenticationToken"],
  ["expired", () => local().tokens.issue(ARM, -1).token, "ExpiredAuthenticationToken"],
  [
    "another service's",
    () => local().tokens.issue("https://vault.azure.net", 60).token,
    "InvalidAuthenticationTokenAudience",
  ],
])("ARM refuses a %s token", async (_what, token, code) => {
  local().addRuntime(ALPHA);
  const error = await failure(runtimes({ token: token() }).listAuthKeys("rg", "contoso", "alpha"));
  expect(error).toMatchObject({ status: 401, code });
  expect(error.headers["www-authenticate"]).toContain('error="invalid_token"');
});

test.each([
  ["wrong", () => "FAKE.nonsense", "Error validating token"],
  ["expired", () => local().tokens.issue("https://vault.azure.net", -1).token, "[TokenExpired]"],
  [
    "another service's",
    () => local().tokens.issue(ARM, 60).token,
    "AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://management.azure.com.",
  ],
  ["slightly wrong", () => local().tokens.issue("https://vault.azure.net/", 60).token, "AKV10022"],
])("Key Vault refuses a %s token", async (_what, token, message) => {
  local().addVault(VAULT);
  const error = await failure(secrets({ token: token() }).setSecret("alpha", "v"));
  expect(error).toMatchObject({
    status: 401,
    code: "Unauthorized",
    message: expect.stringContaining(message),
  });
  expect(local().latestVersion(VAULT, "alpha")).toBeUndefined();
});

test("an identity may be made to hand out tokens for another audience than asked", async () => {
  local().identity.audience = "https://graph.microsoft.com";
  const { body } = await ask({ resource: ARM });
  local().addRuntime(ALPHA);
  const error = await failure(
    runtimes({ token: `${body.access_token}` }).listAuthKeys("rg", "contoso", "alpha"),
  );
  expect(error).toMatchObject({ status: 401, code: "InvalidAuthenticationTokenAudience" });
});
