import { describe, expect, test } from "vitest";
import { AzureError } from "../../local/azure/model/azureError.ts";
import { vaultErrors } from "../../local/azure/model/vaultErrors.ts";
import type { CallSite } from "../../src/azure/call.ts";
import { toServiceError, unexpected } from "../../src/azure/sdkError.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { adapters, failureOf } from "./operations.ts";

const azure = useLocalAzure({ storage: true });

const arm: CallSite = {
  service: "Azure Resource Manager",
  operation: "listAuthKeys",
  target: "/subscriptions/s/alpha",
  permission: "the right to list keys",
};

// By hand, because no SDK is known to throw any of these, or can be made to.
describe("whatever is thrown is described", () => {
  test.for([
    ["a text", "boom"],
    ["nothing", undefined],
    ["null", null],
    ["an error without a status, though a request went out", new TypeError("FAKE")],
  ] as const)("%s", ([, thrown]) => {
    const error = toServiceError(thrown, arm);
    expect(error).toMatchObject({ reason: "unexpected-response", status: undefined, refused: false });
    expect(error.message).toMatch(
      /^Azure Resource Manager: listAuthKeys on \/subscriptions\/s\/alpha failed: the SDK could not make sense/,
    );
  });
});

test("status, innermost code and request id are kept, in fields and in the message", async () => {
  const call = await adapters(azure());
  azure().faults.inject({ operation: "setSecret", fault: vaultErrors.forbiddenByFirewall() });
  const error = await failureOf(call("addVersion"));
  expect(error).toMatchObject({ status: 403, code: "ForbiddenByFirewall", requestId: expect.any(String) });
  expect(error.message).toMatch(
    /^Key Vault: setSecret on https:\/\/contoso\.vault\.azure\.net\/secrets\/contoso-alpha failed \(HTTP 403, /,
  );
  expect(error.message).toContain(`(HTTP 403, ForbiddenByFirewall, request ${error.requestId})`);
});

test("the cause keeps the name, the code and the place, and no message", async () => {
  const call = await adapters(azure());
  azure().faults.inject({ operation: "regenerateAuthKey", fault: "reset" });
  const { stack } = (await failureOf(call("regenerate"))).cause as Error;
  expect(stack).toMatch(/^RestError: ECONNRESET\n\s+at .+:\d+:\d+\)?/);
  expect(stack).not.toContain("socket hang up");
});

test("an error that is ours already passes as it is", () => {
  const ours = unexpected(arm, "no token");
  expect(toServiceError(ours, arm, { sent: false, answer: undefined })).toBe(ours);
});

test("a long sentence of a service is shortened", async () => {
  const call = await adapters(azure());
  const fault = new AzureError(400, "BadParameter", "word ".repeat(500));
  azure().faults.inject({ operation: "setSecret", fault });
  const { message } = await failureOf(call("addVersion"));
  expect(message).toContain("word word word");
  expect(message.length).toBeLessThan(700);
});
