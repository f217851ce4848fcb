import { AzureError, retryAfterHeader } from "./azureError.ts";
import { PRINCIPAL, TENANT } from "./tenant.ts";

function forbidden(innerCode: string, message: string): AzureError {
  return new AzureError(403, "Forbidden", message, { innerCode });
}

const caller = `Caller: appid=${PRINCIPAL}`;

/** What Key Vault refuses calls with (docs/azure.md). */
export const vaultErrors = {
  secretNotFound(name: string): AzureError {
    return new AzureError(
      404,
      "SecretNotFound",
      `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
    );
  },

  secretDisabled(): AzureError {
    return forbidden("SecretDisabled", "Operation get is not allowed on a disabled secret.");
  },

  secretDeleted(name: string): AzureError {
    return new AzureError(
      409,
      "Conflict",
      `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
      { innerCode: "ObjectIsDeletedButRecoverable" },
    );
  },

  forbiddenByRbac(action: string, resource: string): AzureError {
    return forbidden(
      "ForbiddenByRbac",
      `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\n${caller}\r\nAction: '${action}'\r\nResource: '${resource}'\r\nAssignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: 'DeniedWithNoValidRBAC' \r\n`,
    );
  },

  forbiddenByFirewall(): AzureError {
    return forbidden(
      "ForbiddenByFirewall",
      `Client address is not authorized and caller is not a trusted service.\r\nClient address: 192.0.2.1\r\n${caller}\r\n`,
    );
  },

  forbiddenByConnection(): AzureError {
    return forbidden(
      "ForbiddenByConnection",
      `Public network access is disabled and request is not from a trusted service nor via an approved private link.\r\n${caller}\r\n`,
    );
  },

  /** What a vault answers whose access is told by policies instead of roles. */
  accessDenied(innerCode: "AccessDenied" | "ForbiddenByPolicy" = "AccessDenied"): AzureError {
    return forbidden(
      innerCode,
      "The user, group or application does not have secrets get permission on key vault.",
    );
  },

  badParameter(message: string): AzureError {
    return new AzureError(400, "BadParameter", message);
  },

  /** `retryAfter` in seconds; without it the answer carries no `Retry-After`. */
  throttled(retryAfter?: number): AzureError {
    return new AzureError(
      429,
      "Throttled",
      "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached",
      { headers: retryAfterHeader(retryAfter) },
    );
  },

  internal(): AzureError {
    return new AzureError(500, "InternalServerError", "Internal Server Error");
  },

  unavailable(retryAfter?: number): AzureError {
    return new AzureError(503, "ServiceUnavailable", "The service is unavailable.", {
      headers: retryAfterHeader(retryAfter),
    });
  },

  /** 401 with the challenge that tells a client where to get a token, and for which audience (docs/azure.md). */
  unauthorized(message: string): AzureError {
    const challenge = `Bearer authorization="https://login.microsoftonline.com/${TENANT}", resource="https://vault.azure.net"`;
    return new AzureError(401, "Unauthorized", message, { headers: { "www-authenticate": challenge } });
  },
};
