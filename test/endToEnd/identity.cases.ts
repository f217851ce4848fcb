import { afterEach, expect, test, vi } from "vitest";
import { armErrors } from "../../local/azure/model/armErrors.ts";
import type { Service } from "../support/service.ts";
import { given } from "./given.ts";

// The SDK keeps tokens for its whole process: each test has an identity of its own, so that it needs new ones.
let identities = 0;

/** An app with an identity that nobody had before, and a runtime whose key was published so many hours ago. */
async function appWithIdentity(hours: number): Promise<Service> {
  identities += 1;
  const clientId = `22222222-2222-2222-2222-${`${identities}`.padStart(12, "0")}`;
  given().azure.identity.clientId = clientId;
  return await given().adopted(hours, undefined, { AZURE_CLIENT_ID: clientId });
}

afterEach(() => void vi.useRealTimers());

test("while the identity endpoint is down every runtime fails, nothing is minted, and it heals by itself", async () => {
  const { azure, minted, operations } = given();
  const app = await appWithIdentity(31 * 24);
  const down = azure.faults.inject({ operation: "token", times: 99, fault: { status: 403 } });
  const [outcome] = (await app.tick()).outcomes;
  expect(outcome).toMatchObject({ outcome: "failed", reason: "unavailable" });
  expect(outcome?.message).toContain("Managed identity: getToken on https://vault.azure.net/.default failed");
  expect(outcome?.message).toContain("check that the app has a managed identity");
  expect([minted(), operations()]).toEqual([[1, 1], []]);
  down.remove();
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "rotated", reason: "due" }]);
});

test("an identity that the app does not have is refused, and the message names the setting", async () => {
  const { azure } = given();
  const app = await appWithIdentity(48);
  azure.identity.clientId = "33333333-3333-3333-3333-333333333333";
  const [outcome] = (await app.tick()).outcomes;
  expect(outcome).toMatchObject({ outcome: "failed", reason: "unavailable" });
  expect(outcome?.message).toContain("name it in AZURE_CLIENT_ID if it is user-assigned");
});

test("a token for another audience is not accepted, and that is said", async () => {
  const { azure } = given();
  const app = await appWithIdentity(48);
  azure.identity.audience = "https://graph.microsoft.com";
  const [outcome] = (await app.tick()).outcomes;
  expect(outcome).toMatchObject({ outcome: "failed", reason: "access-denied" });
  expect(outcome?.message).toContain("AKV10022: Invalid audience");
});

test("tokens that have run out since the last tick are replaced, not presented", async () => {
  const { azure, vaultNames } = given();
  const app = await appWithIdentity(48);
  expect((await app.tick()).summary).toMatchObject({ kept: 1 });
  // Both the SDK and the services tell the age of a token by the clock of this process.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31 * 86_400_000 });
  azure.clock.advance(31 * 86_400_000);
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "rotated", reason: "due" }]);
  expect(vaultNames()).toBe("authKey2");
  expect(azure.calls.filter(({ operation }) => operation === "token")).toHaveLength(4);
  expect(azure.calls.filter(({ status }) => status === 401).map(({ operation }) => operation)).toEqual([
    "challenge",
  ]);
});

test("a token that ARM calls expired before its time fails that run alone", async () => {
  const { azure, minted } = given();
  const app = await appWithIdentity(31 * 24);
  const fault = armErrors.unauthenticated("ExpiredAuthenticationToken", "The access token is over.");
  azure.faults.inject({ operation: "listAuthKeys", times: 2, fault });
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "failed", reason: "access-denied" }]);
  expect(minted()).toEqual([1, 1]);
  azure.faults.clear();
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "rotated" }]);
});
