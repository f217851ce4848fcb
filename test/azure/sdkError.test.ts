import { describe, expect, test } from "vitest";
import { type CallSite, toServiceError, unexpected, withServiceErrors } from "../../src/azure/sdkError.ts";
import type { ServiceErrorReason } from "../../src/errors.ts";

const arm: CallSite = {
  service: "Azure Resource Manager",
  operation: "listAuthKeys",
  target: "/subscriptions/s/alpha",
  permission: "the right to list keys",
};
const vault: CallSite = {
  service: "Key Vault",
  operation: "setSecret",
  target: "https://contoso.vault.azure.net/secrets/alpha",
  permission: "the right to set secrets",
};
const identity: CallSite = { ...arm, service: "Managed identity", operation: "getToken" };
const blobs: CallSite = { ...arm, service: "Blob Storage", operation: "acquireLease" };

const rest = (statusCode: number, code = "Some", inner?: string) => ({
  name: "RestError",
  statusCode,
  code,
  details: { error: { code, message: "the service's own sentence", innererror: { code: inner } } },
});

type Row = [thrown: unknown, site: CallSite, reason: ServiceErrorReason, says: RegExp];

const rows: Record<string, Row> = {
  "401: the token": [
    rest(401),
    arm,
    "access-denied",
    /token was not accepted.*own sentence.*AZURE_CLIENT_ID/,
  ],
  "403 from ARM: the permission": [
    rest(403, "AuthorizationFailed"),
    arm,
    "access-denied",
    /right to list keys/,
  ],
  "403 from the vault: the permission": [
    rest(403, "Forbidden", "ForbiddenByRbac"),
    vault,
    "access-denied",
    /right to set secrets/,
  ],
  "403 by an access policy": [rest(403, "Forbidden", "AccessDenied"), vault, "access-denied", /right to set/],
  "403 by the firewall": [
    rest(403, "Forbidden", "ForbiddenByFirewall"),
    vault,
    "access-denied",
    /network rules/,
  ],
  "403 by the connection": [
    rest(403, "Forbidden", "ForbiddenByConnection"),
    vault,
    "access-denied",
    /network rules/,
  ],
  "403 of a disabled version": [
    rest(403, "Forbidden", "SecretDisabled"),
    vault,
    "secret-disabled",
    /enable it/,
  ],
  "404 from ARM": [rest(404, "ResourceNotFound"), arm, "runtime-missing", /no such runtime.*RUNTIMES/],
  "404 from ARM of any other code": [rest(404, "Whatever"), arm, "runtime-missing", /no such runtime/],
  "404 from elsewhere": [rest(404), blobs, "unexpected-response", /own sentence/],
  "409 of a soft-deleted secret": [
    rest(409, "Conflict", "ObjectIsDeletedButRecoverable"),
    vault,
    "secret-deleted",
    /recover or purge/,
  ],
  "409 of anything else": [rest(409, "Conflict"), vault, "unexpected-response", /own sentence/],
  "400: the service's sentence": [rest(400, "BadParameter"), vault, "unexpected-response", /own sentence/],
  "429": [rest(429, "SubscriptionRequestsThrottled"), arm, "throttled", /too many requests/],
  "a Retry-After beyond the deadline": [
    { name: "RetryTooLateError", statusCode: 503 },
    arm,
    "throttled",
    /wait longer than this run may take/,
  ],
  "408": [rest(408), arm, "unavailable", /next tick/],
  "500": [rest(500), arm, "unavailable", /next tick/],
  "502 with HTML": [
    { name: "RestError", statusCode: 502, code: "PARSE_ERROR" },
    arm,
    "unavailable",
    /next tick/,
  ],
  "503": [rest(503), vault, "unavailable", /next tick/],
  "504": [rest(504), arm, "unavailable", /next tick/],
  "202, which no operation of ours gives": [
    rest(202),
    arm,
    "unexpected-response",
    /not one that this operation/,
  ],
  "an answer cut short": [
    { name: "RestError", code: "PARSE_ERROR" },
    arm,
    "unexpected-response",
    /cut short or is not JSON/,
  ],
  "a reset": [{ name: "RestError", code: "ECONNRESET" }, arm, "unavailable", /connection failed/],
  "a host that nobody knows": [{ name: "RestError", code: "ENOTFOUND" }, vault, "unavailable", /private DNS/],
  "an abort by the time limit": [{ name: "AbortError" }, arm, "unavailable", /no answer came in time/],
  "a timeout": [new DOMException("late", "TimeoutError"), identity, "unavailable", /no answer came in time/],
  "no token": [new Error("ManagedIdentityCredential: no"), identity, "unavailable", /no token could be had/],
  "what an SDK stumbles over": [
    new TypeError("undefined"),
    arm,
    "unexpected-response",
    /could not make sense/,
  ],
  "a thrown text": ["boom", arm, "unexpected-response", /could not make sense/],
  "nothing at all": [undefined, arm, "unexpected-response", /could not make sense/],
  null: [null, arm, "unexpected-response", /could not make sense/],
};

describe("what an SDK throws gets a reason and says what to do", () => {
  test.for(Object.entries(rows))("%s", ([, [thrown, site, reason, says]]) => {
    const error = toServiceError(thrown, site);
    expect(error).toMatchObject({
      reason,
      service: site.service,
      operation: site.operation,
      target: site.target,
    });
    expect(error.message).toMatch(says);
    expect(error.message).toContain(`${site.service}: ${site.operation} on ${site.target} failed`);
  });
});

test("status, innermost code and request id are kept, in fields and in the message", () => {
  const headers = { get: (name: string) => (name === "x-ms-request-id" ? "request-7" : undefined) };
  const error = toServiceError(
    { ...rest(403, "Forbidden", "ForbiddenByRbac"), response: { headers } },
    vault,
  );
  expect(error).toMatchObject({ status: 403, code: "ForbiddenByRbac", requestId: "request-7" });
  expect(error.message).toContain("(HTTP 403, ForbiddenByRbac, request request-7)");
});

test("the cause keeps the name, the code and the place, and no message", () => {
  const thrown = Object.assign(new Error("FAKE-message"), { name: "RestError", code: "ECONNRESET" });
  const cause = toServiceError(thrown, arm).cause as Error;
  expect(cause.stack).toMatch(/^RestError: ECONNRESET\n\s+at .*sdkError\.test\.ts/);
  expect(cause.stack).not.toContain("FAKE-message");
});

test("an error that is ours already passes as it is", async () => {
  const ours = unexpected(identity, "no token");
  expect(toServiceError(ours, arm)).toBe(ours);
  await expect(withServiceErrors(arm, () => Promise.reject(ours))).rejects.toBe(ours);
});

test("a long sentence of a service is shortened", () => {
  const thrown = { ...rest(400), details: { error: { message: "word ".repeat(500) } } };
  expect(toServiceError(thrown, vault).message.length).toBeLessThan(700);
});
