import { AzureError, retryAfterHeader } from "./azureError.ts";
import { PRINCIPAL, TENANT } from "./tenant.ts";

/** What Azure Resource Manager and Data Factory refuse calls with (docs/azure.md). */
export const armErrors = {
  runtimeNotFound(id: string): AzureError {
    const target = id.replace(/\/integrationRuntimes\//i, "/integrationruntimes/");
    return new AzureError(404, "NotFound", "The document could not be retrieved because it does not exist.", {
      target,
    });
  },

  factoryNotFound(name: string, group: string): AzureError {
    return new AzureError(
      404,
      "ResourceNotFound",
      `The Resource 'Microsoft.DataFactory/factories/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    );
  },

  groupNotFound(group: string): AzureError {
    return new AzureError(404, "ResourceGroupNotFound", `Resource group '${group}' could not be found.`);
  },

  /** Only the status is known (docs/azure.md). */
  kindHasNoKeys(kind: string): AzureError {
    return new AzureError(
      400,
      "BadRequest",
      `The operation is not supported for a ${kind} integration runtime.`,
    );
  },

  unknownKeyName(name: string): AzureError {
    return new AzureError(400, "BadRequest", `The key name '${name}' is neither authKey1 nor authKey2.`);
  },

  authorizationFailed(action: string, scope: string): AzureError {
    return new AzureError(
      403,
      "AuthorizationFailed",
      `The client '${PRINCIPAL}' with object id '${PRINCIPAL}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
  },

  /** A lock against writes, which the listing of keys meets as well. */
  scopeLocked(scope: string): AzureError {
    return new AzureError(
      409,
      "ScopeLocked",
      `The scope '${scope}' cannot perform write operation because following scope(s) are locked: '${scope}'. Please remove the lock and try again.`,
    );
  },

  /** `retryAfter` in seconds; without it the answer carries no `Retry-After`. */
  throttled(
    retryAfter?: number,
    subscription = "",
    kind: "read" | "write" = "write",
    principal = PRINCIPAL,
  ): AzureError {
    return new AzureError(
      429,
      "SubscriptionRequestsThrottled",
      `Number of '${kind}' requests for subscription '${subscription}' actor '${principal}' exceeded. Please try again after '${retryAfter ?? 10}' seconds.`,
      { headers: retryAfterHeader(retryAfter) },
    );
  },

  internal(): AzureError {
    return new AzureError(500, "InternalServerError", "Encountered internal server error.");
  },

  unavailable(retryAfter?: number): AzureError {
    return new AzureError(503, "ServiceUnavailable", "The service is unavailable.", {
      headers: retryAfterHeader(retryAfter),
    });
  },

  gatewayTimeout(): AzureError {
    return new AzureError(
      504,
      "GatewayTimeout",
      "The gateway did not receive a response from 'Microsoft.DataFactory' within the specified time period.",
    );
  },

  /** 401 of a request without a token, or with one that ARM did not hand out or that is over. */
  unauthenticated(code: string, message: string): AzureError {
    const challenge = `Bearer authorization_uri="https://login.microsoftonline.com/${TENANT}", error="invalid_token", error_description="${message}"`;
    return new AzureError(401, code, message, { headers: { "www-authenticate": challenge } });
  },
};
