import { expect, test } from "vitest";
import { NEEDS } from "../../local/azure/model/needs.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { ALPHA, FACTORY, failure, runtimes, secrets, VAULT } from "./clients.ts";

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
