import { setTimeout as delay } from "node:timers/promises";
import { badGateway, type Fault } from "../../../local/azure/faults.ts";
import { armErrors } from "../../../local/azure/model/armErrors.ts";
import { vaultErrors } from "../../../local/azure/model/vaultErrors.ts";
import type { Reason } from "../shared/run.ts";

export interface Kind {
  readonly name: string;
  readonly fault: Fault;
  /** What the contract calls a run that this stops; a run that gets over it has its usual outcome. */
  readonly reasons: readonly Reason[];
  /** Whether a second try may succeed, so that being hit once and being hit at every try differ. */
  readonly passes?: boolean;
  /** Whether it takes real seconds. */
  readonly slow?: boolean;
  /** Not the service's own answer: it comes from something on the way, and the service was never asked. */
  readonly isForeign?: boolean;
  /** The service's own answer, and not so: it is believed. */
  readonly isLie?: boolean;
}

/** A fault, and the reasons that a run which it stops may tell. */
export const kind = (
  name: string,
  fault: Fault,
  reasons: Reason | readonly Reason[],
  more: Partial<Kind> = {},
): Kind => ({
  name,
  fault,
  reasons: [reasons].flat(),
  ...more,
});

const PASSES = { passes: true };
const SLOW = { slow: true };
const LIE = { isLie: true };
const html = { "content-type": "text/html" };
export const json = { "content-type": "application/json" };
const PAGE = "<html></html>";
const error = (status: number, headers?: Record<string, string>) => ({
  status,
  body: '{"error":{"code":"Fault","message":"Injected."}}',
  headers: { ...json, ...headers },
});
const after = (retryAfter: string) => ({ "retry-after": retryAfter });

/** Every status with a page that some proxy, firewall or portal on the way has made: none of them is a state. */
const foreign: readonly Kind[] = [
  ...([302, 400, 404, 405, 409, 410, 412] as const).map((status) => page(status, ["unexpected-response"])),
  ...([401, 403, 407, 451] as const).map((status) => page(status, ["access-denied", "unexpected-response"])),
  ...([408, 500, 503, 504] as const).map((status) => page(status, ["unavailable"])),
  page(429, ["throttled"]),
];

function page(status: number, reasons: readonly Reason[]): Kind {
  const headers = status === 302 ? { ...html, location: "https://portal.example/login" } : html;
  return kind(`${status} with HTML`, { status, headers, body: PAGE }, [...reasons, "unavailable"], {
    isForeign: true,
  });
}

/** What can befall any HTTP call. */
const transport: readonly Kind[] = [
  kind("429", error(429), "throttled"),
  kind("429, Retry-After 1", error(429, after("1")), "throttled", PASSES),
  kind("429, Retry-After a day", error(429, after("86400")), "throttled"),
  kind("429, Retry-After the year 2099", error(429, after("Thu, 31 Dec 2099 23:59:59 GMT")), "throttled"),
  kind("500", error(500), "unavailable", PASSES),
  kind("502 with HTML", badGateway, "unavailable", PASSES),
  kind("503", error(503), "unavailable", PASSES),
  kind("503, Retry-After 1", error(503, after("1")), "unavailable", PASSES),
  kind("503, Retry-After a day", error(503, after("86400")), "throttled"),
  kind("504", error(504), "unavailable", PASSES),
  kind("connection reset", "reset", "unavailable", PASSES),
  kind("body cut short", "cut", ["unexpected-response", "unavailable"]),
  kind("no answer", "stall", "unavailable", SLOW),
  kind("empty 200", "empty200", "unexpected-response"),
  kind("202", { status: 202 }, "unexpected-response"),
  kind("204", { status: 204 }, "unexpected-response"),
  kind("200 that is not JSON", "not-json", "unexpected-response"),
  kind("200 with HTML", { status: 200, body: PAGE, headers: html }, "unexpected-response"),
  kind("200 with another JSON", { status: 200, body: "[1]", headers: json }, "unexpected-response"),
  ...foreign,
];

/** What Azure Resource Manager is known to answer besides. */
export const armKinds: readonly Kind[] = [
  kind("404 runtime", armErrors.runtimeNotFound("/subscriptions/x"), "runtime-missing"),
  kind("404 factory", armErrors.factoryNotFound("f", "rg"), "runtime-missing"),
  kind("404 resource group", armErrors.groupNotFound("rg"), "runtime-missing"),
  kind("400 as for a linked runtime", armErrors.kindHasNoKeys("linked"), "unexpected-response"),
  kind(
    "401 token refused",
    armErrors.unauthenticated("InvalidAuthenticationToken", "The access token is invalid."),
    "access-denied",
  ),
  kind("403 AuthorizationFailed", armErrors.authorizationFailed("action", "scope"), "access-denied"),
  kind("429 SubscriptionRequestsThrottled, Retry-After 10", armErrors.throttled(10), "throttled", {
    ...PASSES,
    ...SLOW,
  }),
  ...transport,
];

/** What Key Vault is known to answer besides. Where it says at every look that there is no secret, there is none. */
export const vaultKinds: readonly Kind[] = [
  kind("403 ForbiddenByRbac", vaultErrors.forbiddenByRbac("a", "r"), "access-denied"),
  kind("403 ForbiddenByFirewall", vaultErrors.forbiddenByFirewall(), "access-denied"),
  kind("403 ForbiddenByConnection", vaultErrors.forbiddenByConnection(), "access-denied"),
  kind("403 AccessDenied", vaultErrors.accessDenied(), "access-denied"),
  kind("403 SecretDisabled", vaultErrors.secretDisabled(), "secret-disabled"),
  kind("404 SecretNotFound", vaultErrors.secretNotFound("n"), ["unexpected-response", "first-contact"], LIE),
  kind("409 deleted but recoverable", vaultErrors.secretDeleted("n"), "secret-deleted"),
  kind("400 BadParameter", vaultErrors.badParameter("Injected."), "unexpected-response"),
  kind("401 token refused", vaultErrors.unauthorized("Injected."), "access-denied", PASSES),
  ...transport,
];

const storageError = (status: number, code: string, headers: Record<string, string> = {}): Fault => ({
  status,
  headers: { "content-type": "application/xml", "x-ms-error-code": code, ...headers },
  body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>Injected.</Message></Error>`,
});
const bare = (status: number): Fault => ({ status, headers: {}, body: "" });

/** What can befall a lease of a blob. That one is held, and that there is none yet, only the account itself can say. */
export const blobKinds: readonly Kind[] = [
  kind(
    "403 AuthorizationPermissionMismatch",
    storageError(403, "AuthorizationPermissionMismatch"),
    "access-denied",
  ),
  kind("404 BlobNotFound", storageError(404, "BlobNotFound"), "unexpected-response"),
  kind("409 LeaseAlreadyPresent", storageError(409, "LeaseAlreadyPresent"), "locked"),
  kind("412 LeaseIdMismatch", storageError(412, "LeaseIdMismatchWithLeaseOperation"), "unexpected-response"),
  kind("429", storageError(429, "TooManyRequests"), "throttled"),
  kind("500 InternalError", storageError(500, "InternalError"), "unavailable", PASSES),
  kind("502 with HTML", { status: 502, headers: html, body: PAGE }, "unavailable", PASSES),
  kind("503 ServerBusy", storageError(503, "ServerBusy"), "unavailable", PASSES),
  kind(
    "503 ServerBusy, Retry-After a day",
    storageError(503, "ServerBusy", after("86400")),
    ["unavailable", "throttled"],
    PASSES,
  ),
  kind("504", bare(504), "unavailable", PASSES),
  kind("connection reset", "reset", "unavailable", PASSES),
  kind("body cut short", "cut", ["unexpected-response", "unavailable"]),
  kind("no answer", "stall", "unavailable", { ...PASSES, ...SLOW }),
  kind("empty 200", bare(200), "unexpected-response"),
  kind("202", bare(202), "unexpected-response"),
  kind("204", bare(204), "unexpected-response"),
  kind("200 with HTML", { status: 200, headers: html, body: PAGE }, "unexpected-response"),
  ...foreign,
];

const answer = (status: number, body: string, headers: Record<string, string> = json) => ({
  status,
  headers,
  body,
});

/** The SDK keeps it until its process ends. */
export const OTHER_AUDIENCE = "a token for another audience";

/** What can befall a request for a token. */
export const tokenKinds: readonly Kind[] = [
  kind("the answer takes 5 s", async () => void (await delay(5000)), []),
  kind(OTHER_AUDIENCE, () => {}, "access-denied"),
  kind(
    "400 no such identity",
    answer(400, '{"StatusCode":400,"Message":"No MSI found for specified ClientId/ResourceId."}'),
    "unavailable",
  ),
  kind("403", answer(403, '{"StatusCode":403,"Message":"Injected."}'), ["unavailable", "access-denied"]),
  kind("404", answer(404, "{}"), ["unavailable", "unexpected-response"]),
  kind("429", answer(429, "{}"), ["unavailable", "throttled"]),
  kind("500", answer(500, "{}"), "unavailable"),
  kind("502 with HTML", answer(502, PAGE, html), "unavailable"),
  kind("503, Retry-After a day", answer(503, "", after("86400")), "unavailable", SLOW),
  kind("connection reset (endpoint down)", "reset", "unavailable"),
  kind("body cut short", "cut", "unavailable"),
  kind("no answer", "stall", "unavailable", SLOW),
  kind("empty 200", answer(200, ""), ["unavailable", "unexpected-response"]),
  kind("200 that is not JSON", answer(200, PAGE, html), ["unavailable", "unexpected-response"]),
];
