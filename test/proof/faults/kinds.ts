import { setTimeout as delay } from "node:timers/promises";
import { badGateway, type Fault, foreign } from "../../../local/azure/faults.ts";
import { armErrors } from "../../../local/azure/model/armErrors.ts";
import { AzureError } from "../../../local/azure/model/azureError.ts";
import type { Operation } from "../../../local/azure/model/calls.ts";
import { vaultErrors } from "../../../local/azure/model/vaultErrors.ts";
import type { Reason } from "../shared/run.ts";

export interface Kind {
  readonly name: string;
  /** Of several, all that a call meets in their order. */
  readonly fault: Fault | readonly Fault[];
  /** What a run tells that this stops; one that gets over it has its usual outcome. Only a process that is killed dies. */
  readonly reasons: readonly (Reason | "killed")[];
  /** Whether a second try may succeed, so that being hit once and being hit at every try differ. */
  readonly passes?: boolean;
  /** Whether the process dies of it. */
  readonly kills?: boolean;
  /** Whether it takes real seconds. */
  readonly slow?: boolean;
  /** Not the service's own answer: it comes from something on the way, and the service was never asked. */
  readonly isForeign?: boolean;
  /** The service's own answer, and not so: it is believed. */
  readonly isLie?: boolean;
}

type Told = Kind["reasons"][number];
type Row = readonly [fault: Fault, reasons: Told | readonly Told[], more?: Partial<Kind>];
type Rows = Readonly<Record<string, Row>>;

/** What can befall a call. */
export function kindsAt(operation: Operation): readonly Kind[] {
  return Object.entries(rowsAt(operation)).map(([name, [fault, reasons, more]]) => {
    return { name, fault, reasons: [reasons].flat(), ...more };
  });
}

function rowsAt(operation: Operation): Rows {
  if (operation === "token") return tokens;
  if (operation.endsWith("Lease")) return { ...leases, ...kill };
  if (operation === "getStatus") return { ...arm, ...status, ...kill };
  return /Runtime|AuthKey/.test(operation) ? { ...arm, ...kill } : { ...vault, ...kill };
}

const PASSES = { passes: true };
const SLOW = { slow: true };
const LIE = { isLie: true };
const SECOND = { "retry-after": "1" };
const DAY = { "retry-after": "86400" };
const YEAR_2099 = { "retry-after": "Thu, 31 Dec 2099 23:59:59 GMT" };

/** What the service itself answers, in the envelope of its errors. */
function refusal(status: number, code = "Fault", headers: Record<string, string> = {}): AzureError {
  return new AzureError(status, code, "Injected.", { headers });
}

function json(body: unknown, status = 200): Fault {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** Every status with a page that some proxy, firewall or portal on the way has made: none of them is a state. */
function pages(reasons: readonly Reason[], ...statuses: readonly number[]): Rows {
  const rows = statuses.map((status): [string, Row] => {
    const page = foreign(status);
    if (status === 302) page.headers.location = "https://portal.example/login";
    return [`${status} with HTML`, [page, [...reasons, "unavailable"], { isForeign: true }]];
  });
  return Object.fromEntries(rows);
}

/** What can befall any HTTP call. */
const anywhere: Rows = {
  "502 with HTML": [badGateway, "unavailable", PASSES],
  "connection reset": ["reset", "unavailable", PASSES],
  "body cut short": ["cut", ["unexpected-response", "unavailable"]],
  "empty 200": ["empty200", "unexpected-response"],
  "202": [{ status: 202 }, "unexpected-response"],
  "204": [{ status: 204 }, "unexpected-response"],
  "200 with HTML": [foreign(200), "unexpected-response"],
  ...pages(["unexpected-response"], 302, 400, 404, 405, 409, 410, 412),
  ...pages(["access-denied", "unexpected-response"], 401, 403, 407, 451),
  ...pages([], 408, 500, 503, 504),
  ...pages(["throttled"], 429),
};

/** What can befall a call of Azure Resource Manager or of the vault. */
const transport: Rows = {
  "429": [refusal(429), "throttled"],
  "429, Retry-After 1": [refusal(429, "Fault", SECOND), "throttled", PASSES],
  "429, Retry-After a day": [refusal(429, "Fault", DAY), "throttled"],
  "429, Retry-After the year 2099": [refusal(429, "Fault", YEAR_2099), "throttled"],
  "500": [refusal(500), "unavailable", PASSES],
  "503": [refusal(503), "unavailable", PASSES],
  "503, Retry-After 1": [refusal(503, "Fault", SECOND), "unavailable", PASSES],
  "503, Retry-After a day": [refusal(503, "Fault", DAY), "throttled"],
  "504": [refusal(504), "unavailable", PASSES],
  "no answer": ["stall", "unavailable", SLOW],
  "200 that is not JSON": ["not-json", "unexpected-response"],
  "200 with another JSON": [json([1]), "unexpected-response"],
  ...anywhere,
};

/** What Azure Resource Manager is known to answer besides. */
const arm: Rows = {
  "404 runtime": [armErrors.runtimeNotFound("/subscriptions/x"), "runtime-missing"],
  "404 factory": [armErrors.factoryNotFound("f", "rg"), "runtime-missing"],
  "404 resource group": [armErrors.groupNotFound("rg"), "runtime-missing"],
  "400 as for a linked runtime": [armErrors.kindHasNoKeys("linked"), "unexpected-response"],
  "401 token refused": [
    armErrors.unauthenticated("InvalidAuthenticationToken", "Injected."),
    "access-denied",
  ],
  "403 AuthorizationFailed": [armErrors.authorizationFailed("action", "scope"), "access-denied"],
  "429 SubscriptionRequestsThrottled": [armErrors.throttled(10), "throttled", { ...PASSES, ...SLOW }],
  ...transport,
};

/** What Key Vault is known to answer besides. Where it says at every look that there is no secret, there is none. */
const vault: Rows = {
  "403 ForbiddenByRbac": [vaultErrors.forbiddenByRbac("a", "r"), "access-denied"],
  "403 ForbiddenByFirewall": [vaultErrors.forbiddenByFirewall(), "access-denied"],
  "403 ForbiddenByConnection": [vaultErrors.forbiddenByConnection(), "access-denied"],
  "403 AccessDenied": [vaultErrors.accessDenied(), "access-denied"],
  "403 SecretDisabled": [vaultErrors.secretDisabled(), "secret-disabled"],
  "404 SecretNotFound": [vaultErrors.secretNotFound("n"), ["unexpected-response", "first-contact"], LIE],
  "409 deleted but recoverable": [vaultErrors.secretDeleted("n"), "secret-deleted"],
  "400 BadParameter": [vaultErrors.badParameter("Injected."), "unexpected-response"],
  "401 token refused": [vaultErrors.unauthorized("Injected."), "access-denied", PASSES],
  ...transport,
};

/** What can befall a lease of a blob. That one is held, and that there is none yet, only the account itself can say. */
const leases: Rows = {
  "403 AuthorizationPermissionMismatch": [refusal(403, "AuthorizationPermissionMismatch"), "access-denied"],
  "404 BlobNotFound": [refusal(404, "BlobNotFound"), "unexpected-response"],
  "409 LeaseAlreadyPresent": [refusal(409, "LeaseAlreadyPresent"), "locked"],
  "412 LeaseIdMismatch": [refusal(412, "LeaseIdMismatchWithLeaseOperation"), "unexpected-response"],
  "429": [refusal(429, "TooManyRequests"), "throttled"],
  "500 InternalError": [refusal(500, "InternalError"), "unavailable", PASSES],
  "503 ServerBusy": [refusal(503, "ServerBusy"), "unavailable", PASSES],
  "503 ServerBusy, Retry-After a day": [refusal(503, "ServerBusy", DAY), "unavailable", PASSES],
  "504": [{ status: 504 }, "unavailable", PASSES],
  "no answer": ["stall", "unavailable", { ...PASSES, ...SLOW }],
  ...anywhere,
};

/** What can befall a look at the nodes besides: answers that are like those of the service, and no status of nodes. */
const status: Rows = {
  "200 with no properties": noStatus(undefined),
  "200 with a managed runtime": noStatus({ type: "Managed", typeProperties: { nodes: [] } }),
  "200 with a type in another case": noStatus({ type: "selfhosted", typeProperties: { nodes: [] } }),
  "200 with a text for the nodes": noNodes("none"),
  "200 with a node that is null": noNodes([null]),
  "200 with a node without a name": noNodes([{ status: "Online" }]),
  "200 with a node without a status": noNodes([{ nodeName: "a" }]),
  "200 with a node whose time is none": noNodes([{ nodeName: "a", status: "Online", registerTime: "soon" }]),
};

function noStatus(properties: unknown): Row {
  return [json({ name: "x", properties }), "unexpected-response"];
}

function noNodes(nodes: unknown): Row {
  return noStatus({ type: "SelfHosted", typeProperties: { nodes } });
}

/** SIGKILL, as the call arrives or when its work is done; nobody is there to be answered. */
const kill: Rows = { "the process is killed": ["reset", "killed", { kills: true }] };

/** The SDK keeps it until its process ends. */
const tokenForAnother: Fault = async (_, answer) => {
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER = "" } = process.env;
  const headers = { "x-identity-header": IDENTITY_HEADER };
  const other = await fetch(`${IDENTITY_ENDPOINT}?resource=https://graph.microsoft.com`, { headers });
  answer.body = await other.text();
};

/** What can befall a request for a token. */
const tokens: Rows = {
  "the answer takes 5 s": [async () => void (await delay(5000)), []],
  "a token for another audience": [tokenForAnother, "access-denied"],
  "400 no such identity": [json({ StatusCode: 400, Message: "No MSI found." }, 400), "unavailable"],
  "403": [refusal(403), ["unavailable", "access-denied"]],
  "404": [json({}, 404), ["unavailable", "unexpected-response"]],
  "429": [refusal(429), ["unavailable", "throttled"]],
  "500": [refusal(500), "unavailable"],
  "502 with HTML": [badGateway, "unavailable"],
  "503, Retry-After a day": [{ status: 503, headers: DAY }, "unavailable", SLOW],
  "connection reset (endpoint down)": ["reset", "unavailable"],
  "body cut short": ["cut", "unavailable"],
  "no answer": ["stall", "unavailable", SLOW],
  "empty 200": ["empty200", ["unavailable", "unexpected-response"]],
  "200 that is not JSON": [foreign(200), ["unavailable", "unexpected-response"]],
};
