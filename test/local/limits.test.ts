import { ManagedIdentityCredential } from "@azure/identity";
import { expect, test } from "vitest";
import { armErrors } from "../../local/azure/model/armErrors.ts";
import { armSpender } from "../../local/azure/model/budgets.ts";
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

const local = useLocalAzure();
const BETA = `${FACTORY}/integrationRuntimes/beta`;

test("without the right, ARM answers 403 with the action and the scope, and does nothing", async () => {
  local().addRuntime(ALPHA);
  const before = local().liveKeys(ALPHA);
  const { action } = NEEDS.regenerateAuthKey;
  local().deny(action.toUpperCase());
  const regenerate = () => runtimes().regenerateAuthKey("rg", "contoso", "alpha", { keyName: "authKey1" });
  expect(await failure(regenerate())).toMatchObject({
    status: 403,
    code: "AuthorizationFailed",
    message: expect.stringMatching(
      /does not have authorization to perform action 'Microsoft\.DataFactory\/factories\/integrationruntimes\/regenerateauthkey\/action' over scope '.*\/alpha'/,
    ),
  });
  expect(local().liveKeys(ALPHA)).toEqual(before);
  await runtimes().listAuthKeys("rg", "contoso", "alpha");
  local().allow(action);
  await regenerate();
});

test("without the right, Key Vault answers 403 with ForbiddenByRbac within, also for what is missing", async () => {
  local().addVault(VAULT);
  const client = secrets();
  await client.setSecret("alpha", "v");
  local().deny(NEEDS.getSecret.action);
  for (const name of ["alpha", "missing"]) {
    expect(await failure(client.getSecret(name))).toMatchObject({
      status: 403,
      code: "Forbidden",
      inner: "ForbiddenByRbac",
      message: expect.stringContaining("Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'"),
    });
  }
});

test("a right can be missing for one resource", async () => {
  local().addRuntime(ALPHA);
  local().addRuntime(BETA);
  local().deny(NEEDS.listAuthKeys.action, ALPHA.toLowerCase());
  expect((await failure(runtimes().listAuthKeys("rg", "contoso", "alpha"))).status).toBe(403);
  await runtimes().listAuthKeys("rg", "contoso", "beta");
});

test("listing keys and regenerating spend ARM's writes, reading a runtime its reads", async () => {
  local().addRuntime(ALPHA);
  const { limits } = local().state.budgets;
  limits.armWrites.capacity = 2;
  local().clock.stop();
  await runtimes().listAuthKeys("rg", "contoso", "alpha");
  await runtimes().regenerateAuthKey("rg", "contoso", "alpha", { keyName: "authKey1" });
  const error = await failure(runtimes().listAuthKeys("rg", "contoso", "alpha"));
  expect(error).toMatchObject({
    status: 429,
    code: "SubscriptionRequestsThrottled",
    message: expect.stringMatching(/Number of 'write' requests .* Please try again after '10' seconds\./),
  });
  expect(error.headers["retry-after"]).toBe("10");
  await runtimes().get("rg", "contoso", "alpha");
  local().clock.advance(100);
  await runtimes().listAuthKeys("rg", "contoso", "alpha");
});

test("every subscription and every identity has a budget of its own", async () => {
  const other = ALPHA.replace(SUBSCRIPTION, "22222222-2222-2222-2222-222222222222");
  local().addRuntime(ALPHA);
  local().addRuntime(other);
  local().clock.stop();
  local().state.budgets.limits.armReads.capacity = 1;
  const list = (subscription?: string, token?: string) =>
    collect(factories(subscription, token === undefined ? {} : { token }).list());
  await list();
  expect((await failure(list())).status).toBe(429);
  await list("22222222-2222-2222-2222-222222222222");
  const { token } = local().tokens.issue("https://management.azure.com", 60, "somebody-else");
  await list(SUBSCRIPTION, token);
  expect((await failure(list(SUBSCRIPTION, token))).message).toContain("actor 'somebody-else' exceeded");
});

test("a call spends its budget when it arrives, whatever becomes of it, and every answer tells what is left", async () => {
  local().addRuntime(ALPHA);
  local().clock.stop();
  local().deny(NEEDS.regenerateAuthKey.action);
  const left: (string | undefined)[] = [];
  const onResponse = (response: { headers: { get(name: string): string | undefined } }) => {
    left.push(response.headers.get("x-ms-ratelimit-remaining-subscription-writes"));
  };
  const client = runtimes();
  const key = { keyName: "authKey1" };
  await failure(client.regenerateAuthKey("rg", "contoso", "alpha", key, { onResponse }));
  local().faults.inject({ operation: "getStatus", fault: armErrors.internal() });
  await failure(client.getStatus("rg", "contoso", "alpha", { onResponse }));
  // Time that passes while a call is under way gives it nothing back.
  local().faults.inject({ operation: "listAuthKeys", fault: () => local().clock.advance(60_000) });
  await client.listAuthKeys("rg", "contoso", "alpha", { onResponse });
  expect(left).toEqual(["199", "198", "197"]);
});

test("a call that nobody's token stands behind spends nothing", async () => {
  local().addRuntime(ALPHA);
  expect((await failure(runtimes({ token: "FAKE" }).listAuthKeys("rg", "contoso", "alpha"))).status).toBe(
    401,
  );
  expect(local().state.budgets.buckets).toEqual({});
});

test("a user-assigned identity spends under its own name", async () => {
  local().addRuntime(ALPHA);
  const clientId = "33333333-3333-3333-3333-333333333333";
  local().identity.clientId = clientId;
  const credential = new ManagedIdentityCredential({ clientId });
  const { token } = (await credential.getToken("https://management.azure.com/.default")) ?? {};
  await runtimes({ token: token ?? "" }).listAuthKeys("rg", "contoso", "alpha");
  expect(Object.keys(local().state.budgets.buckets)).toEqual([
    `armWrites ${armSpender(SUBSCRIPTION, clientId)}`,
  ]);
});

test("reads have a budget of their own", async () => {
  local().addRuntime(ALPHA);
  local().clock.stop();
  local().state.budgets.limits.armReads.capacity = 1;
  await runtimes().get("rg", "contoso", "alpha");
  const error = await failure(runtimes().get("rg", "contoso", "alpha"));
  expect(error.message).toContain("Number of 'read' requests");
});

test("a vault counts new versions apart from everything else, and every vault for itself", async () => {
  local().addVault(VAULT);
  local().clock.stop();
  const { limits } = local().state.budgets;
  limits.vaultCreates.capacity = 1;
  const client = secrets();
  await client.setSecret("alpha", "v");
  const error = await failure(client.setSecret("alpha", "w"));
  expect(error).toMatchObject({ status: 429, code: "Throttled" });
  expect(error.headers).not.toHaveProperty("retry-after");
  expect((await client.getSecret("alpha")).value).toBe("v");
  limits.vaultOthers.capacity = 1;
  limits.vaultOthers.retryAfter = 3;
  local().state.budgets.buckets = {};
  await client.getSecret("alpha");
  expect((await failure(client.getSecret("alpha"))).headers["retry-after"]).toBe("3");
});
