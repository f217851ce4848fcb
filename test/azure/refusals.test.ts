import { expect, test } from "vitest";
import { armErrors } from "../../local/azure/model/armErrors.ts";
import { AzureError } from "../../local/azure/model/azureError.ts";
import { vaultErrors } from "../../local/azure/model/vaultErrors.ts";
import type { ServiceErrorReason } from "../../src/errors.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { idOf } from "../support/runtime.ts";
import { adapters, failureOf, type Method, operationOf } from "./operations.ts";

const azure = useLocalAzure({ storage: true });

const refusal = (status: number, code: string) => new AzureError(status, code, `FAKE sentence of ${code}.`);
const inner = (status: number, innerCode: string) =>
  new AzureError(status, status === 403 ? "Forbidden" : "Conflict", `FAKE sentence of ${innerCode}.`, {
    innerCode,
  });

type Row = [error: AzureError, method: Method, reason: ServiceErrorReason, says: RegExp];

// The words of whom it is told to are in the last column: who has to do what.
const rows: Row[] = [
  [
    armErrors.runtimeNotFound(idOf("alpha")),
    "list",
    "runtime-missing",
    /not know this runtime.*correct RUNTIMES, or create/,
  ],
  [
    armErrors.factoryNotFound("contoso", "rg"),
    "kind",
    "runtime-missing",
    /not know this runtime.*correct RUNTIMES/,
  ],
  [armErrors.groupNotFound("rg"), "regenerate", "runtime-missing", /not know this runtime.*correct RUNTIMES/],
  [
    refusal(404, "SubscriptionNotFound"),
    "list",
    "runtime-missing",
    /not know this subscription.*an identity of the tenant/,
  ],
  [refusal(404, "NobodyKnowsThis"), "list", "runtime-missing", /does not find the runtime \("[^"]+"\)$/],
  [
    armErrors.authorizationFailed(
      "Microsoft.DataFactory/factories/integrationruntimes/listauthkeys/action",
      idOf("alpha"),
    ),
    "list",
    "access-denied",
    /lacks a permission.*grant it Microsoft\.DataFactory\/factories\/integrationruntimes\/listauthkeys\/action on the runtime/,
  ],
  [
    refusal(403, "LinkedAuthorizationFailed"),
    "regenerate",
    "access-denied",
    /linked.*grant it the action on the linked scope/,
  ],
  [
    refusal(403, "DenyAssignmentAuthorizationFailed"),
    "regenerate",
    "access-denied",
    /deny assignment.*its owner .* exclude/,
  ],
  [
    refusal(403, "RequestDisallowedByPolicy"),
    "regenerate",
    "access-denied",
    /Azure Policy.*owner of the policy/,
  ],
  [armErrors.scopeLocked(idOf("alpha")), "list", "access-denied", /read-only lock.*whoever owns the lock/],
  [
    armErrors.scopeLocked(idOf("alpha")),
    "regenerate",
    "access-denied",
    /read-only lock.*whoever owns the lock/,
  ],
  [
    refusal(409, "ReadOnlyDisabledSubscription"),
    "list",
    "unavailable",
    /subscription is disabled.*its owner/,
  ],
  [
    refusal(409, "MissingSubscriptionRegistration"),
    "list",
    "unavailable",
    /az provider register --namespace Microsoft\.DataFactory/,
  ],
  [
    refusal(401, "InvalidAuthenticationToken"),
    "list",
    "access-denied",
    /token was not accepted.*AZURE_CLIENT_ID/,
  ],
  [
    refusal(401, "InvalidAuthenticationTokenTenant"),
    "list",
    "access-denied",
    /another tenant than the subscription/,
  ],
  [refusal(401, "InvalidAuthenticationTokenAudience"), "list", "access-denied", /AZURE_RESOURCE_MANAGER_URL/],
  [refusal(401, "ExpiredAuthenticationToken"), "list", "access-denied", /uses a new token/],
  [refusal(401, "AuthenticationFailed"), "list", "access-denied", /uses a new token/],
  [
    armErrors.kindHasNoKeys("Managed"),
    "list",
    "unexpected-response",
    /unexpected for this operation.*somebody has to look into it/,
  ],
  [armErrors.throttled(), "regenerate", "throttled", /too many requests.*next tick/],
  [armErrors.internal(), "regenerate", "unavailable", /could not say so.*next tick/],
  [armErrors.gatewayTimeout(), "regenerate", "unavailable", /could not say so.*next tick/],
  [refusal(408, "RequestTimeout"), "regenerate", "unavailable", /could not say so.*next tick/],

  [
    vaultErrors.forbiddenByRbac("a", "b"),
    "addVersion",
    "access-denied",
    /lacks a permission.*setSecret\/action on the secret/,
  ],
  [
    vaultErrors.forbiddenByRbac("a", "b"),
    "listVersions",
    "access-denied",
    /lacks a permission.*readMetadata\/action on/,
  ],
  [
    vaultErrors.accessDenied(),
    "getLatest",
    "access-denied",
    /access policies.*Get, List and Set.*a role alone changes nothing/,
  ],
  [
    vaultErrors.accessDenied("ForbiddenByPolicy"),
    "getLatest",
    "access-denied",
    /access policies.*Get, List and Set/,
  ],
  [
    vaultErrors.forbiddenByFirewall(),
    "getLatest",
    "access-denied",
    /network rules.*whoever manages the vault.*no role helps/,
  ],
  [
    vaultErrors.forbiddenByConnection(),
    "setTags",
    "access-denied",
    /network rules.*whoever manages the vault.*no role helps/,
  ],
  [
    vaultErrors.unauthorized("AKV10032: Invalid issuer."),
    "addVersion",
    "access-denied",
    /not accepted.*in the tenant/,
  ],
  [vaultErrors.secretDisabled(), "getValue", "secret-disabled", /is disabled.*enable it/],
  [vaultErrors.secretDeleted("alpha"), "addVersion", "secret-deleted", /soft-deleted.*recover or purge it/],
  [inner(409, "ObjectIsBeingDeleted"), "addVersion", "secret-deleted", /being deleted.*recover or purge it/],
  [inner(409, "ObjectIsBeingRecovered"), "addVersion", "unavailable", /being recovered.*next tick/],
  [
    inner(409, "NobodyKnowsThis"),
    "addVersion",
    "unexpected-response",
    /unexpected for this operation.*somebody has to look into it/,
  ],
  [
    vaultErrors.secretNotFound("alpha"),
    "setTags",
    "unexpected-response",
    /deleted meanwhile.*next tick sees/,
  ],
  [
    vaultErrors.badParameter("FAKE it is bad."),
    "addVersion",
    "unexpected-response",
    /unexpected for this operation/,
  ],

  [
    refusal(403, "AuthorizationPermissionMismatch"),
    "acquire",
    "access-denied",
    /grant it Storage Blob Data Owner/,
  ],
  [
    refusal(403, "AuthorizationFailure"),
    "acquire",
    "access-denied",
    /network rules.*allow the app's network.*check its key/,
  ],
  [
    refusal(403, "AuthenticationFailed"),
    "renew",
    "access-denied",
    /current key or a valid signature.*the account's tenant/,
  ],
  [
    refusal(403, "KeyBasedAuthenticationNotPermitted"),
    "acquire",
    "access-denied",
    /AzureWebJobsStorage__accountName/,
  ],
  [
    refusal(403, "AccountIsDisabled"),
    "release",
    "unavailable",
    /account is disabled.*owner of the subscription/,
  ],
  [
    refusal(409, "ContainerBeingDeleted"),
    "acquire",
    "unavailable",
    /container of the locks is being deleted.*next tick creates it again/,
  ],
  [refusal(409, "NobodyKnowsThis"), "acquire", "unexpected-response", /unexpected for this operation/],
];

// What nobody knows is quoted, and no remedy is made up for it.
for (const [status, method] of [
  [403, "list"],
  [403, "getLatest"],
  [403, "acquire"],
  [401, "kind"],
] as const) {
  rows.push([
    refusal(status, "NobodyKnowsThis"),
    method,
    "access-denied",
    /denies the app access \("[^"]+"\)$/,
  ]);
}

test.for(
  rows.map((row): [string, Row] => [
    `${row[0].innerCode ?? row[0].code} (${row[0].status}) of ${row[1]}`,
    row,
  ]),
)(
  "%s is told by its reason, the service's own sentence, and whose move it is",
  async ([, [error, method, reason, says]]) => {
    const call = await adapters(azure());
    azure().faults.inject({ operation: operationOf(method), times: 9, fault: error });
    const thrown = await failureOf(call(method));
    const code = error.innerCode ?? error.code;
    expect(thrown).toMatchObject({ name: "ServiceError", reason, status: error.status, code });
    expect(thrown.message).toMatch(says);
    // The sentence itself, as much of it as fits.
    expect(thrown.message).toContain(error.message.replace(/\s+/g, " ").trim().slice(0, 100));
  },
);
