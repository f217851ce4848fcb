import { badGateway, type Fault } from "../../../local/azure/faults.ts";
import { armErrors } from "../../../local/azure/model/armErrors.ts";
import { vaultErrors } from "../../../local/azure/model/vaultErrors.ts";
import type { Reason } from "../../../src/reconcile/outcome.ts";
import type { FrontFault } from "./front.ts";

/** What a request for a token can be made to give besides faults. */
export type TokenFault = FrontFault | { delayMs: number } | { resource: string };

export interface Kind<F> {
  readonly name: string;
  readonly fault: F;
  /** What the contract calls a run that this stops; a run that gets over it has its usual outcome. */
  readonly reasons: readonly Reason[];
  /** Whether a second try may succeed, so that being hit once and being hit at every try differ. */
  readonly passes?: boolean;
  /** Whether it takes real seconds. */
  readonly slow?: boolean;
}

const html = { "content-type": "text/html" };
const error = (status: number, headers?: Record<string, string>): Fault => ({
  status,
  body: '{"error":{"code":"Fault","message":"Injected."}}',
  headers: { "content-type": "application/json", ...headers },
});

const unavailable = ["unavailable"] as const;
const strange = ["unexpected-response"] as const;

/** What can befall any HTTP call. */
const transport: readonly Kind<Fault>[] = [
  { name: "429", fault: error(429), reasons: ["throttled"] },
  {
    name: "429, Retry-After 1",
    fault: error(429, { "retry-after": "1" }),
    reasons: ["throttled"],
    passes: true,
  },
  { name: "429, Retry-After a day", fault: error(429, { "retry-after": "86400" }), reasons: ["throttled"] },
  {
    name: "429, Retry-After the year 2099",
    fault: error(429, { "retry-after": "Thu, 31 Dec 2099 23:59:59 GMT" }),
    reasons: ["throttled"],
  },
  { name: "500", fault: error(500), reasons: unavailable, passes: true },
  { name: "502 with HTML", fault: badGateway, reasons: unavailable, passes: true },
  { name: "503", fault: error(503), reasons: unavailable, passes: true },
  {
    name: "503, Retry-After 1",
    fault: error(503, { "retry-after": "1" }),
    reasons: unavailable,
    passes: true,
  },
  { name: "503, Retry-After a day", fault: error(503, { "retry-after": "86400" }), reasons: ["throttled"] },
  { name: "504", fault: error(504), reasons: unavailable, passes: true },
  { name: "connection reset", fault: "reset", reasons: unavailable, passes: true },
  { name: "body cut short", fault: "cut", reasons: ["unexpected-response", "unavailable"] },
  { name: "no answer", fault: "stall", reasons: unavailable, slow: true },
  { name: "empty 200", fault: "empty200", reasons: strange },
  { name: "202", fault: { status: 202 }, reasons: strange },
  { name: "204", fault: { status: 204 }, reasons: strange },
  { name: "200 that is not JSON", fault: "not-json", reasons: strange },
  {
    name: "200 with HTML",
    fault: { status: 200, body: "<html></html>", headers: html },
    reasons: strange,
  },
  {
    name: "200 with another JSON",
    fault: { status: 200, body: "[1]", headers: { "content-type": "application/json" } },
    reasons: strange,
  },
];

/** What Azure Resource Manager is known to answer besides. */
export const armKinds: readonly Kind<Fault>[] = [
  { name: "404 runtime", fault: armErrors.runtimeNotFound("/subscriptions/x"), reasons: ["runtime-missing"] },
  { name: "404 factory", fault: armErrors.factoryNotFound("f", "rg"), reasons: ["runtime-missing"] },
  { name: "404 resource group", fault: armErrors.groupNotFound("rg"), reasons: ["runtime-missing"] },
  { name: "400 as for a linked runtime", fault: armErrors.kindHasNoKeys("linked"), reasons: strange },
  {
    name: "401 token refused",
    fault: armErrors.unauthenticated("InvalidAuthenticationToken", "The access token is invalid."),
    reasons: ["access-denied"],
  },
  {
    name: "403 AuthorizationFailed",
    fault: armErrors.authorizationFailed("action", "scope"),
    reasons: ["access-denied"],
  },
  {
    name: "429 SubscriptionRequestsThrottled, Retry-After 10",
    fault: armErrors.throttled(10),
    reasons: ["throttled"],
    passes: true,
    slow: true,
  },
  ...transport,
];

/** What Key Vault is known to answer besides. */
export const vaultKinds: readonly Kind<Fault>[] = [
  { name: "403 ForbiddenByRbac", fault: vaultErrors.forbiddenByRbac("a", "r"), reasons: ["access-denied"] },
  { name: "403 ForbiddenByFirewall", fault: vaultErrors.forbiddenByFirewall(), reasons: ["access-denied"] },
  {
    name: "403 ForbiddenByConnection",
    fault: vaultErrors.forbiddenByConnection(),
    reasons: ["access-denied"],
  },
  { name: "403 AccessDenied", fault: vaultErrors.accessDenied(), reasons: ["access-denied"] },
  { name: "403 SecretDisabled", fault: vaultErrors.secretDisabled(), reasons: ["secret-disabled"] },
  { name: "404 SecretNotFound", fault: vaultErrors.secretNotFound("n"), reasons: strange },
  { name: "409 deleted but recoverable", fault: vaultErrors.secretDeleted("n"), reasons: ["secret-deleted"] },
  { name: "400 BadParameter", fault: vaultErrors.badParameter("Injected."), reasons: strange },
  {
    name: "401 token refused",
    fault: vaultErrors.unauthorized("Injected."),
    reasons: ["access-denied"],
    passes: true,
  },
  ...transport,
];

const storageError = (status: number, code: string, headers: Record<string, string> = {}): FrontFault => ({
  status,
  headers: { "content-type": "application/xml", "x-ms-error-code": code, ...headers },
  body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>Injected.</Message></Error>`,
});

/** What can befall a lease of a blob. */
export const blobKinds: readonly Kind<FrontFault>[] = [
  {
    name: "403 AuthorizationPermissionMismatch",
    fault: storageError(403, "AuthorizationPermissionMismatch"),
    reasons: ["access-denied"],
  },
  { name: "404 BlobNotFound", fault: storageError(404, "BlobNotFound"), reasons: strange },
  { name: "409 LeaseAlreadyPresent", fault: storageError(409, "LeaseAlreadyPresent"), reasons: ["locked"] },
  {
    name: "412 LeaseIdMismatch",
    fault: storageError(412, "LeaseIdMismatchWithLeaseOperation"),
    reasons: strange,
  },
  { name: "429", fault: storageError(429, "TooManyRequests"), reasons: ["throttled"] },
  {
    name: "500 InternalError",
    fault: storageError(500, "InternalError"),
    reasons: unavailable,
    passes: true,
  },
  {
    name: "502 with HTML",
    fault: { status: 502, headers: html, body: "<html></html>" },
    reasons: unavailable,
    passes: true,
  },
  { name: "503 ServerBusy", fault: storageError(503, "ServerBusy"), reasons: unavailable, passes: true },
  {
    name: "503 ServerBusy, Retry-After a day",
    fault: storageError(503, "ServerBusy", { "retry-after": "86400" }),
    reasons: ["unavailable", "throttled"],
    passes: true,
  },
  { name: "504", fault: { status: 504, headers: {}, body: "" }, reasons: unavailable, passes: true },
  { name: "connection reset", fault: "reset", reasons: unavailable, passes: true },
  { name: "body cut short", fault: "cut", reasons: ["unexpected-response", "unavailable"] },
  { name: "no answer", fault: "stall", reasons: unavailable, passes: true, slow: true },
  { name: "empty 200", fault: { status: 200, headers: {}, body: "" }, reasons: strange },
  { name: "202", fault: { status: 202, headers: {}, body: "" }, reasons: strange },
  { name: "204", fault: { status: 204, headers: {}, body: "" }, reasons: strange },
  { name: "200 with HTML", fault: { status: 200, headers: html, body: "<html></html>" }, reasons: strange },
];

const json = { "content-type": "application/json" };

/** What can befall a request for a token. */
export const tokenKinds: readonly Kind<TokenFault>[] = [
  { name: "the answer takes 5 s", fault: { delayMs: 5000 }, reasons: [] },
  {
    name: "a token for another audience, which the SDK keeps until the process ends",
    fault: { resource: "https://graph.microsoft.com" },
    reasons: ["access-denied"],
  },
  {
    name: "400 no such identity",
    fault: {
      status: 400,
      headers: json,
      body: '{"StatusCode":400,"Message":"No MSI found for specified ClientId/ResourceId."}',
    },
    reasons: unavailable,
  },
  {
    name: "403",
    fault: { status: 403, headers: json, body: '{"StatusCode":403,"Message":"Injected."}' },
    reasons: ["unavailable", "access-denied"],
  },
  { name: "404", fault: { status: 404, headers: json, body: "{}" }, reasons: unavailable },
  { name: "429", fault: { status: 429, headers: json, body: "{}" }, reasons: ["unavailable", "throttled"] },
  { name: "500", fault: { status: 500, headers: json, body: "{}" }, reasons: unavailable },
  {
    name: "502 with HTML",
    fault: { status: 502, headers: html, body: "<html></html>" },
    reasons: unavailable,
  },
  {
    name: "503, Retry-After a day",
    fault: { status: 503, headers: { "retry-after": "86400" }, body: "" },
    reasons: unavailable,
    slow: true,
  },
  { name: "connection reset (endpoint down)", fault: "reset", reasons: unavailable },
  { name: "body cut short", fault: "cut", reasons: unavailable },
  { name: "no answer", fault: "stall", reasons: unavailable, slow: true },
  { name: "empty 200", fault: { status: 200, headers: json, body: "" }, reasons: unavailable },
  {
    name: "200 that is not JSON",
    fault: { status: 200, headers: html, body: "<html></html>" },
    reasons: unavailable,
  },
];
