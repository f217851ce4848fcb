import { afterEach, describe, expect, test, vi } from "vitest";
import { connectLocks } from "../../src/azure/blobLease.ts";
import { callService } from "../../src/azure/callService.ts";
import { connect } from "../../src/azure/connect.ts";
import type { Credential } from "../../src/azure/credential.ts";
import { ServiceError } from "../../src/errors.ts";
import { KeyValue } from "../../src/keyValue.ts";
import type { CallLimit, Services } from "../../src/services.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { configOf } from "../support/runtime.ts";
import { unmetered } from "../support/unmetered.ts";
import { AMPLE, failureOf } from "./operations.ts";

const azure = useLocalAzure({ storage: true });
const { id, vaultUrl, secretName } = configOf();
const storage = { kind: "identity", blobServiceUrl: "https://contoso.blob.core.windows.net" } as const;
const SHORT: CallLimit = { timeoutMs: 200 };
const content = { value: new KeyValue("FAKE"), tags: {}, expiresOn: 1_900_000_000_000 };

// The library keeps tokens for its whole process: each test has an identity of its own, which needs new ones.
let identities = 0;
function servicesOfNewIdentity(): Services {
  azure().addRuntime(id.text);
  azure().addVault(vaultUrl);
  identities += 1;
  const clientId = `22222222-2222-2222-2222-${`${identities}`.padStart(12, "0")}`;
  azure().identity.clientId = clientId;
  const armUrl = "https://management.azure.com";
  return connect(
    {
      armUrl,
      clientId,
      storage: { ...storage, clientId: undefined },
    },
    unmetered,
  );
}

const calls: Record<string, (services: Services, limit: CallLimit) => Promise<unknown>> = {
  "a listing of keys": ({ runtimeKeys }, limit) => runtimeKeys(id).list(limit),
  "a regenerate": ({ runtimeKeys }, limit) => runtimeKeys(id).regenerate("authKey2", limit),
  "a read of the secret": ({ secret }, limit) => secret(vaultUrl, secretName).getLatest(limit),
  "a write to the vault": ({ secret }, limit) => secret(vaultUrl, secretName).addVersion(content, limit),
  "a listing of versions": ({ secret }, limit) => secret(vaultUrl, secretName).listVersions(limit),
  "a lease": ({ locks }, limit) => locks.acquire(id, limit),
};

/** What the app sent to a service with a token. */
const sent = () =>
  azure()
    .calls.map(({ operation }) => operation)
    .filter((operation) => operation !== "challenge" && operation !== "token");

describe("a token that does not come", () => {
  test.for(Object.entries(calls))("counts into the time of %s, and nothing was sent", async ([, call]) => {
    const services = servicesOfNewIdentity();
    azure().faults.inject({ operation: "token", fault: "stall", times: 9 });
    const start = performance.now();
    const error = await failureOf(call(services, SHORT));
    // On a busy machine; the library alone would wait for good, and 10 s are what one token is given.
    expect(performance.now() - start).toBeLessThan(5000);
    expect(error).toMatchObject({ reason: "unavailable", status: undefined });
    expect(error.message).toContain("because no token came in time");
    expect(error).toMatchObject({ nothingSent: true, refused: true, mayStillTakeEffect: false });
    expect(sent()).toEqual([]);
  });

  test("and comes when the time is over, sends nothing any more", async () => {
    const services = servicesOfNewIdentity();
    const late = Promise.withResolvers<void>();
    azure().faults.inject({ operation: "token", fault: () => late.promise });
    const regenerate = calls["a regenerate"];
    await failureOf(regenerate?.(services, SHORT) ?? expect.fail());
    late.resolve();
    // The next call goes out with that very token.
    await services.runtimeKeys(id).list(AMPLE);
    expect(sent()).toEqual(["listAuthKeys"]);
  });
});

test.for(Object.entries(calls))("a token that is refused: of %s nothing was sent", async ([, call]) => {
  const services = servicesOfNewIdentity();
  azure().identity.clientId = "33333333-3333-3333-3333-333333333333";
  const error = await failureOf(call(services, AMPLE));
  expect(error).toMatchObject({ service: "Managed identity", nothingSent: true });
  expect(error).toMatchObject({ refused: true, mayStillTakeEffect: false });
  expect(sent()).toEqual([]);
});

/** An identity whose tokens run out at once, so that each attempt needs another, and which ends when it is told to. */
class Fleeting implements Credential {
  tokens = Number.POSITIVE_INFINITY;
  ends: () => Promise<never> = () => new Promise(() => {});

  async getToken(scopes: string | string[]) {
    if (this.tokens <= 0) return await this.ends();
    this.tokens -= 1;
    const audience = String(scopes).replace("/.default", "");
    return { token: azure().tokens.issue(audience, 60).token, expiresOnTimestamp: Date.now() };
  }
}

test.for(["renew", "release"] as const)("a lease that is to %s counts its token as well", async (method) => {
  const credential = new Fleeting();
  const lease = await connectLocks({ ...storage, clientId: undefined }, credential).acquire(
    { ...id, key: method },
    AMPLE,
  );
  credential.tokens = 0;
  const before = azure().calls.length;
  const error = await failureOf(lease?.[method](SHORT) ?? expect.fail());
  expect(error).toMatchObject({ reason: "unavailable", nothingSent: true });
  expect(azure().calls).toHaveLength(before);
});

test("a token that fails for the second attempt says nothing about the first", async () => {
  const credential = new Fleeting();
  // One before all, one for the first attempt.
  credential.tokens = 2;
  credential.ends = () =>
    Promise.reject(
      new ServiceError({
        service: "Managed identity",
        operation: "getToken",
        target: "storage",
        reason: "unavailable",
        explanation: "none",
        status: undefined,
        code: undefined,
        requestId: undefined,
        nothingSent: true,
        cause: undefined,
      }),
    );
  azure().faults.inject({ operation: "acquireLease", when: "after", fault: { status: 500 } });
  const locks = connectLocks({ ...storage, clientId: undefined }, credential);
  const error = await failureOf(locks.acquire({ ...id, key: "second attempt" }, AMPLE));
  expect(sent()).toEqual(["acquireLease"]);
  expect(error).toMatchObject({ service: "Managed identity", nothingSent: false, mayStillTakeEffect: true });
});

describe("whatever a call waits for", () => {
  afterEach(() => void vi.useRealTimers());

  test("ends at its limit, the loading of an SDK as well", async () => {
    vi.useFakeTimers();
    const site = { service: "Key Vault", operation: "getSecret", target: "t", permission: "p" } as const;
    const settled = vi.fn();
    const call = failureOf(callService(site, { timeoutMs: 500 }, () => new Promise(() => {})));
    void call.then(settled);
    await vi.advanceTimersByTimeAsync(499);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await call).toMatchObject({ reason: "unavailable", nothingSent: true });
  });
});
