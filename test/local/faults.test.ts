import { expect, test } from "vitest";
import { badGateway, type Fault } from "../../local/azure/faults.ts";
import { armErrors } from "../../local/azure/model/armErrors.ts";
import { vaultErrors } from "../../local/azure/model/vaultErrors.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { ALPHA, FACTORY, type Failure, failure, runtimes, SUBSCRIPTION, secrets, VAULT } from "./clients.ts";

const local = useLocalAzure();

const regenerate = (options: Parameters<typeof runtimes>[0] = {}, abortSignal?: AbortSignal) =>
  runtimes(options).regenerateAuthKey(
    "rg",
    "contoso",
    "alpha",
    { keyName: "authKey2" },
    abortSignal === undefined ? {} : { abortSignal },
  );

const answers: [string, Fault, Partial<Failure>][] = [
  ["500", armErrors.internal(), { status: 500, code: "InternalServerError" }],
  ["502 in HTML", badGateway, { status: 502 }],
  ["503", armErrors.unavailable(), { status: 503, code: "ServiceUnavailable" }],
  ["504", armErrors.gatewayTimeout(), { status: 504, code: "GatewayTimeout" }],
  ["429 without Retry-After", armErrors.throttled(), { status: 429, code: "SubscriptionRequestsThrottled" }],
  ["a status of its own", { status: 418, body: '{"error":{"code":"Teapot"}}' }, { status: 418 }],
  ["reset", "reset", { name: "RestError", code: "ECONNRESET", status: undefined }],
  ["cut", "cut", { name: "RestError", code: "PARSE_ERROR", status: undefined }],
  ["not JSON", "not-json", { name: "RestError", code: "PARSE_ERROR" }],
];

test.each(answers)("%s before the regenerate: the key has not changed", async (_what, fault, seen) => {
  local().addRuntime(ALPHA);
  const before = local().liveKeys(ALPHA);
  local().faults.inject({ operation: "regenerateAuthKey", fault });
  expect(await failure(regenerate())).toMatchObject(seen);
  expect(local().liveKeys(ALPHA)).toEqual(before);
  expect(local().calls.at(-1)).toMatchObject({ operation: "regenerateAuthKey", effect: false });
});

test.each(answers)("%s after the regenerate: the key has changed", async (_what, fault, seen) => {
  local().addRuntime(ALPHA);
  const before = local().liveKeys(ALPHA);
  local().faults.inject({ operation: "regenerateAuthKey", when: "after", fault });
  expect(await failure(regenerate())).toMatchObject(seen);
  const after = local().liveKeys(ALPHA);
  expect(after.authKey1).toBe(before.authKey1);
  expect(after.authKey2).not.toBe(before.authKey2);
  expect(local().calls.at(-1)).toMatchObject({ operation: "regenerateAuthKey", effect: true });
});

test.each(["before", "after"] as const)(
  "silence %s the regenerate lasts until the caller gives up",
  async (when) => {
    local().addRuntime(ALPHA);
    const before = local().liveKeys(ALPHA);
    const caller = new AbortController();
    local().faults.inject({ operation: "regenerateAuthKey", when, fault: () => caller.abort() });
    local().faults.inject({ operation: "regenerateAuthKey", when, fault: "stall" });
    expect(await failure(regenerate({}, caller.signal))).toMatchObject({ name: "AbortError" });
    expect(local().liveKeys(ALPHA).authKey2 === before.authKey2).toBe(when === "before");
    expect(local().calls.at(-1)?.status).toBeUndefined();
  },
);

test("an empty 200 looks like a success without a key", async () => {
  local().addRuntime(ALPHA);
  local().faults.inject({ operation: "regenerateAuthKey", when: "after", fault: "empty200" });
  expect(await regenerate()).toEqual({});
});

test("a fault carries its headers, and the service's own beside them", async () => {
  local().addRuntime(ALPHA);
  local().faults.inject({ operation: "regenerateAuthKey", fault: armErrors.throttled(7) });
  expect((await failure(regenerate())).headers).toMatchObject({
    "retry-after": "7",
    "x-ms-request-id": expect.any(String),
    date: expect.any(String),
  });
});

test("a fault hits the attempt that it is for, as often as it is for", async () => {
  local().addRuntime(ALPHA);
  const fault = armErrors.internal();
  const injected = local().faults.inject({ operation: "getRuntime", attempt: 2, times: 2, fault });
  const outcomes: (number | undefined)[] = [];
  for (let call = 0; call < 5; call++) {
    await runtimes()
      .get("rg", "contoso", "alpha")
      .catch(() => undefined);
    outcomes.push(local().calls.at(-1)?.status);
  }
  expect(outcomes).toEqual([200, 500, 500, 200, 200]);
  expect(injected.hits).toBe(2);
});

test("the SDK's own retries are attempts of their own", async () => {
  local().addRuntime(ALPHA);
  local().faults.inject({ operation: "regenerateAuthKey", when: "after", times: 2, fault: "reset" });
  await regenerate({ maxRetries: 3 });
  expect(local().state.dataFactory.runtimes[ALPHA.toLowerCase()]?.keys.authKey2).toHaveLength(4);
});

test("a fault for one resource spares the others, and ends when it is taken back", async () => {
  local().addRuntime(ALPHA);
  local().addRuntime(`${FACTORY}/integrationRuntimes/beta`);
  const injected = local().faults.inject({
    operation: ["getRuntime", "listAuthKeys"],
    resource: "/integrationRuntimes/ALPHA",
    times: Infinity,
    fault: armErrors.internal(),
  });
  await runtimes().get("rg", "contoso", "beta");
  expect((await failure(runtimes().get("rg", "contoso", "alpha"))).status).toBe(500);
  expect((await failure(runtimes().listAuthKeys("rg", "contoso", "alpha"))).status).toBe(500);
  injected.remove();
  await runtimes().get("rg", "contoso", "alpha");
});

test("code can run before and after the effect, and the call goes on", async () => {
  local().addRuntime(ALPHA);
  const before = local().liveKeys(ALPHA);
  const seen: boolean[] = [];
  const look = () => {
    seen.push(local().liveKeys(ALPHA).authKey2 === before.authKey2);
  };
  local().faults.inject({ operation: "regenerateAuthKey", fault: look });
  local().faults.inject({ operation: "regenerateAuthKey", when: "after", fault: async () => look() });
  expect(await regenerate()).toEqual({ authKey2: local().liveKeys(ALPHA).authKey2 });
  expect(seen).toEqual([true, false]);
});

test.each([
  ["firewall", vaultErrors.forbiddenByFirewall(), 403, "Forbidden", "ForbiddenByFirewall"],
  ["private link", vaultErrors.forbiddenByConnection(), 403, "Forbidden", "ForbiddenByConnection"],
  ["access policy", vaultErrors.accessDenied(), 403, "Forbidden", "AccessDenied"],
  [
    "access policy by its other name",
    vaultErrors.accessDenied("ForbiddenByPolicy"),
    403,
    "Forbidden",
    "ForbiddenByPolicy",
  ],
  ["throttling", vaultErrors.throttled(), 429, "Throttled", undefined],
  ["bug", vaultErrors.internal(), 500, "InternalServerError", undefined],
  ["outage", vaultErrors.unavailable(), 503, "ServiceUnavailable", undefined],
] as const)(
  "Key Vault's %s answers as the service does, and nothing is written",
  async (_what, fault, status, code, inner) => {
    local().addVault(VAULT);
    local().faults.inject({ operation: "setSecret", fault });
    expect(await failure(secrets().setSecret("alpha", "v"))).toMatchObject({ status, code, inner });
    expect(local().latestVersion(VAULT, "alpha")).toBeUndefined();
  },
);

test.each([
  [
    "ScopeLocked",
    armErrors.scopeLocked(FACTORY),
    409,
    `following scope(s) are locked: '${FACTORY}'. Please remove the lock and try again.`,
  ],
  [
    "RequestDisallowedByPolicy",
    armErrors.disallowedByPolicy(ALPHA),
    403,
    'Resource \'alpha\' was disallowed by policy. Policy identifiers: \'[{"policyAssignment":{"name":',
  ],
  [
    "DenyAssignmentAuthorizationFailed",
    armErrors.denyAssignment("an/action", ALPHA),
    403,
    `has permission to perform action 'an/action' on scope '${ALPHA}'; however, the access is denied`,
  ],
  [
    "ReadOnlyDisabledSubscription",
    armErrors.subscriptionDisabled(SUBSCRIPTION),
    409,
    `The subscription '${SUBSCRIPTION}' is disabled and therefore marked as read only.`,
  ],
  [
    "MissingSubscriptionRegistration",
    armErrors.subscriptionNotRegistered(),
    409,
    "The subscription is not registered to use namespace 'Microsoft.DataFactory'.",
  ],
] as const)("the SDK reads code and sentence of ARM's refusal: %s", async (code, fault, status, message) => {
  local().addRuntime(ALPHA);
  const before = local().liveKeys(ALPHA);
  local().faults.inject({ operation: ["listAuthKeys", "regenerateAuthKey"], fault, times: 2 });
  const refused = { status, code, message: expect.stringContaining(message) };
  expect(await failure(runtimes().listAuthKeys("rg", "contoso", "alpha"))).toMatchObject(refused);
  expect(await failure(regenerate())).toMatchObject(refused);
  expect(local().liveKeys(ALPHA)).toEqual(before);
});

test("a vault's answer can be lost after the write", async () => {
  local().addVault(VAULT);
  local().faults.inject({ operation: "setSecret", when: "after", fault: "cut" });
  expect(await failure(secrets().setSecret("alpha", "v"))).toMatchObject({ code: "PARSE_ERROR" });
  expect(local().latestVersion(VAULT, "alpha")?.value).toBe("v");
});
