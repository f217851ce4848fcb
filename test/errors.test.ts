import { describe, expect, test } from "vitest";
import {
  LockedError,
  OutOfTimeError,
  ServiceError,
  type ServiceErrorDetails,
  VerificationError,
} from "../src/errors.ts";
import { verdictOfError } from "../src/reconcile/outcome.ts";

function serviceError(different: Partial<ServiceErrorDetails>): ServiceError {
  return new ServiceError({
    service: "Azure Resource Manager",
    operation: "regenerateAuthKey",
    target: "/subscriptions/s/alpha",
    reason: "unavailable",
    explanation: "something happened; do something",
    status: 500,
    code: undefined,
    requestId: undefined,
    cause: undefined,
    ...different,
  });
}

describe("whether a service surely did nothing, and whether it may still do it", () => {
  // [status, refused, may still take effect]
  test.for([
    [undefined, false, true],
    [200, false, false],
    [202, false, true],
    [302, false, false],
    [400, true, false],
    [401, true, false],
    [403, true, false],
    [404, true, false],
    [408, false, true],
    [409, true, false],
    [429, true, false],
    [499, true, false],
    [500, false, false],
    [501, false, false],
    [502, false, true],
    [503, false, true],
    [504, false, true],
  ] as const)("status %s: refused %s, may come %s", ([status, refused, mayStillTakeEffect]) => {
    expect(serviceError({ status, code: "Some" })).toMatchObject({ refused, mayStillTakeEffect });
  });

  test.for([400, 401, 403, 404, 409, 429])(
    "status %s without a code is no refusal of the service's",
    (status) => {
      expect(serviceError({ status })).toMatchObject({ refused: false, mayStillTakeEffect: false });
    },
  );

  test.for([undefined, 200, 403, 502, 504])(
    "where nothing was sent, nothing can come (status %s)",
    (status) => {
      const nothing = serviceError({ service: "Managed identity", status, nothingSent: true });
      expect(nothing).toMatchObject({ refused: true, mayStillTakeEffect: false });
    },
  );
});

test("a service error says who did what to whom, what came back, and what to do", () => {
  const error = serviceError({
    code: "InternalServerError",
    requestId: "request-7",
    cause: new Error("inner"),
  });
  expect(error.message).toBe(
    "Azure Resource Manager: regenerateAuthKey on /subscriptions/s/alpha failed (HTTP 500, InternalServerError, request request-7): something happened; do something",
  );
  expect(error.cause).toBeInstanceOf(Error);
  expect(serviceError({ status: undefined }).message).toContain("alpha failed: something");
});

describe("what an error means for its runtime", () => {
  const reasons = {
    "access-denied": "failed",
    throttled: "failed",
    unavailable: "failed",
    "unexpected-response": "failed",
    "runtime-missing": "blocked",
    "secret-disabled": "blocked",
    "secret-deleted": "blocked",
  } as const;

  test.for(Object.entries(reasons))("%s is %s", ([reason, outcome]) => {
    const error = serviceError({ reason: reason as keyof typeof reasons });
    expect(verdictOfError(error, false)).toEqual({ outcome, reason, message: error.message });
    expect(verdictOfError(error, true)).toMatchObject({ outcome, reason });
  });

  test("out of time or locked is deferred while nothing was done", () => {
    expect(verdictOfError(new OutOfTimeError("late"), false)).toMatchObject({
      outcome: "deferred",
      reason: "out-of-time",
    });
    expect(verdictOfError(new LockedError("busy"), false)).toMatchObject({
      outcome: "deferred",
      reason: "locked",
    });
  });

  test("and a failure once something was: then the next run has to finish it", () => {
    for (const error of [new OutOfTimeError("late"), new LockedError("busy")]) {
      expect(verdictOfError(error, true)).toMatchObject({
        outcome: "failed",
        reason: "unavailable",
        message: expect.stringContaining("the next run finishes"),
      });
    }
  });

  test("what could not be confirmed is told as such", () => {
    expect(verdictOfError(new VerificationError("twice"), true)).toMatchObject({
      outcome: "failed",
      reason: "verification-failed",
    });
  });

  test.for([new TypeError("IR@FAKE"), "IR@FAKE", undefined, { text: "IR@FAKE" }])(
    "an error that nobody foresaw is a bug, and its text stays where it is (%#)",
    (thrown) => {
      const verdict = verdictOfError(thrown, false);
      expect(verdict).toMatchObject({ outcome: "failed", reason: "bug" });
      expect(verdict.message.includes("IR@")).toBe(false);
    },
  );
});
