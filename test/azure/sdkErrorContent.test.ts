import { describe, expect, test } from "vitest";
import type { CallSite } from "../../src/azure/call.ts";
import { callService } from "../../src/azure/callService.ts";
import { toServiceError } from "../../src/azure/sdkError.ts";
import { ServiceError } from "../../src/errors.ts";
import { everythingOf } from "../support/everythingOf.ts";

const site = (service: CallSite["service"]): CallSite => ({
  service,
  operation: "setSecret",
  target: "https://contoso.vault.azure.net/secrets/alpha",
  permission: "the right to set secrets",
});
const sites = (["Azure Resource Manager", "Key Vault", "Managed identity", "Blob Storage"] as const).map(
  site,
);

describe("nothing that was sent or received survives", () => {
  const CANARY = "IR@guid@contoso@ServiceEndpoint=contoso.example@FAKEcanary==";
  const request = { body: JSON.stringify({ value: CANARY }), headers: { authorization: `Bearer ${CANARY}` } };

  // By hand, because no real answer has it in all of them at once; what real ones come to is in hostileAnswers.test.ts.
  /** An SDK error with the canary in every place where one is, or might be, and a chain of causes with it. */
  function poisoned(statusCode: number | undefined, code: string | undefined): Error {
    const response = {
      request,
      status: statusCode,
      bodyAsText: CANARY,
      parsedBody: { error: { message: `the value ${CANARY} is refused`, value: CANARY } },
      headers: { get: () => undefined, raw: CANARY },
    };
    const cause = new Error(`caused by ${CANARY}`, { cause: new Error(CANARY) });
    const error = new Error(`failed for ${CANARY}\n    at ${CANARY}\n    at once (${CANARY})`, { cause });
    Object.defineProperty(error, "hidden", { value: { CANARY }, enumerable: false });
    return Object.assign(error, {
      name: "RestError",
      statusCode,
      code,
      request,
      response,
      details: { error: { code, message: `got ${CANARY}`, value: CANARY } },
      [Symbol("context")]: { request, response },
    });
  }

  const statuses = [undefined, 200, 202, 400, 401, 403, 404, 408, 409, 412, 429, 500, 502, 503, 504];
  test.for(statuses)("of an error with status %s, in no service and with no code", (status) => {
    for (const site of sites) {
      for (const code of [undefined, "PARSE_ERROR", "ECONNRESET", "ENOTFOUND", "Conflict"]) {
        const text = everythingOf(toServiceError(poisoned(status, code), site));
        expect(text.includes("canary")).toBe(false);
        expect(text.includes("IR@")).toBe(false);
      }
    }
  });

  test("of a call that throws it", async () => {
    const error: unknown = await callService(site("Key Vault"), { timeoutMs: 1000 }, () =>
      Promise.reject(poisoned(400, "BadParameter")),
    ).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServiceError);
    expect(everythingOf(error).includes("canary")).toBe(false);
  });
});
