import { AzureError } from "../../local/azure/model/azureError.ts";
import type { CallSite } from "../../src/azure/call.ts";
import { toServiceError } from "../../src/azure/sdkError.ts";

type Service = CallSite["service"];

/** What the adapters make of a refusal of this service, without a network. */
export function errorOf(service: Service, operation: string, target: string, refusal: AzureError): Error {
  const site = { service, operation, target, permission: "what it needs" };
  return toServiceError(thrownBySdk(service, refusal), site);
}

/** What they make of a call that was given up without an answer. */
export function silenceOf(service: Service, operation: string, target: string): Error {
  const site = { service, operation, target, permission: "what it needs" };
  return toServiceError({ name: "AbortError" }, site);
}

/** A refusal with this status: with the code that is given or the one that the service has for it. */
export function refusalWith(service: Service, status: number, code?: string): AzureError {
  const usual = service === "Key Vault" ? VAULT_CODES[status] : ARM_CODES[status];
  const told = code ?? usual ?? "InternalServerError";
  const hasInner = service === "Key Vault" && (status === 403 || status === 409);
  const outer = status === 403 ? "Forbidden" : "Conflict";
  return hasInner
    ? new AzureError(status, outer, "refused", { innerCode: told })
    : new AzureError(status, told, "refused");
}

const ARM_CODES: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "InvalidAuthenticationToken",
  403: "AuthorizationFailed",
  404: "NotFound",
  409: "Conflict",
  429: "SubscriptionRequestsThrottled",
};

const VAULT_CODES: Readonly<Record<number, string>> = {
  400: "BadParameter",
  401: "Unauthorized",
  403: "ForbiddenByRbac",
  404: "SecretNotFound",
  409: "ObjectIsDeletedButRecoverable",
  429: "Throttled",
};

/** The shapes of the SDKs' errors; test/azure/sdkShapes.test.ts holds them against the real ones. */
export function thrownBySdk(service: Service, { status, code, innerCode, message }: AzureError): object {
  const error = { code, message, ...(innerCode && { innerError: { code: innerCode } }) };
  return {
    name: "RestError",
    statusCode: status,
    code,
    details: service === "Key Vault" ? { error } : error,
    response: { headers: new Map([["x-ms-error-code", code]]) },
  };
}
