/** What each known error code means, and what to do about it. */
import type { ServiceErrorReason } from "../errors.ts";
import type { CallSite } from "./call.ts";

/** What an error code means, and who has to act. */
interface Refusal {
  readonly reason: ServiceErrorReason;
  /** What happened; the service's own sentence follows it. */
  readonly what: string;
  /** Who has to do what about it. */
  readonly remedy: string;
}

type Refusals = Readonly<Record<string, Refusal | ((site: CallSite) => Refusal)>>;

const lacksPermission = ({ permission }: CallSite): Refusal => ({
  reason: "access-denied",
  what: "the app's identity lacks a permission",
  remedy: `grant it ${permission}; a new assignment may take ten minutes to take effect`,
});

const noRuntime: Refusal = {
  reason: "runtime-missing",
  what: "Azure does not know this runtime",
  remedy: "correct RUNTIMES, or create the runtime again",
};

const tokenRefused = (remedy: string): Refusal => ({
  reason: "access-denied",
  what: "the token was not accepted",
  remedy,
});

const TOKEN_PASSES = "the next tick uses a new token; if it persists, check the identity in AZURE_CLIENT_ID";

const arm: Refusals = {
  NotFound: noRuntime,
  ResourceNotFound: noRuntime,
  ResourceGroupNotFound: noRuntime,
  SubscriptionNotFound: {
    reason: "runtime-missing",
    what: "Azure does not know this subscription in the tenant of the app's identity",
    remedy:
      "correct the subscription in RUNTIMES, or use an identity of the tenant that the subscription is in",
  },
  AuthorizationFailed: lacksPermission,
  LinkedAuthorizationFailed: {
    reason: "access-denied",
    what: "the app's identity lacks a permission on another resource that this one is linked to",
    remedy: "grant it the action on the linked scope that Azure names",
  },
  DenyAssignmentAuthorizationFailed: {
    reason: "access-denied",
    what: "a deny assignment forbids it, whatever roles the app's identity has",
    remedy:
      "its owner (often a deployment stack or a managed application) has to exclude the identity or the action",
  },
  RequestDisallowedByPolicy: {
    reason: "access-denied",
    what: "an Azure Policy forbids it, whatever roles the app's identity has",
    remedy: "the owner of the policy has to change it or to exempt the runtime",
  },
  ScopeLocked: {
    reason: "access-denied",
    what: "a read-only lock forbids it; such a lock also forbids listing keys",
    remedy:
      "whoever owns the lock (on the runtime, its factory, group or subscription) has to remove it; one against deletion does no harm",
  },
  ReadOnlyDisabledSubscription: {
    reason: "unavailable",
    what: "the subscription is disabled, and so read-only",
    remedy: "its owner has to enable it again, usually a billing matter",
  },
  MissingSubscriptionRegistration: {
    reason: "unavailable",
    what: "the subscription is not registered for Data Factory",
    remedy:
      "an owner or contributor of the subscription has to run: az provider register --namespace Microsoft.DataFactory",
  },
  InvalidAuthenticationToken: tokenRefused(TOKEN_PASSES),
  ExpiredAuthenticationToken: tokenRefused(TOKEN_PASSES),
  AuthenticationFailed: tokenRefused(TOKEN_PASSES),
  InvalidAuthenticationTokenTenant: tokenRefused(
    "the app's identity is of another tenant than the subscription: use one of that tenant",
  ),
  InvalidAuthenticationTokenAudience: tokenRefused(
    "it is for another cloud or service: check AZURE_RESOURCE_MANAGER_URL",
  ),
};

/** A vault with access policies instead of Azure RBAC. `ForbiddenByPolicy` means the same as `AccessDenied`. */
const accessPolicy: Refusal = {
  reason: "access-denied",
  what: "the vault uses access policies, which do not give the app's identity the secret permission that it needs",
  remedy:
    "whoever manages the vault has to give the identity Get, List and Set for secrets in an access policy, or to switch the vault to Azure RBAC; a role alone changes nothing",
};

const networkRules: Refusal = {
  reason: "access-denied",
  what: "the vault's network rules refuse the app",
  remedy:
    "whoever manages the vault has to allow the app's network, or to give it a private endpoint; no role helps",
};

const vault: Refusals = {
  Unauthorized: tokenRefused(
    "the vault has to be in the tenant of the app's identity; check AZURE_CLIENT_ID",
  ),
  SecretNotFound: {
    reason: "unexpected-response",
    what: "the vault does not know this secret or version, so it was deleted meanwhile",
    remedy: "the next tick sees what is there now",
  },
  SecretDisabled: {
    reason: "secret-disabled",
    what: "the version of the secret is disabled",
    remedy: "enable it",
  },
  ObjectIsDeletedButRecoverable: {
    reason: "secret-deleted",
    what: "the secret is soft-deleted",
    remedy: "recover or purge it, then the next tick publishes",
  },
  ObjectIsBeingDeleted: {
    reason: "secret-deleted",
    what: "the secret is being deleted",
    remedy: "once it is, recover or purge it, then the next tick publishes",
  },
  ObjectIsBeingRecovered: {
    reason: "unavailable",
    what: "the secret is being recovered",
    remedy: "the next tick tries again",
  },
  ForbiddenByRbac: lacksPermission,
  AccessDenied: accessPolicy,
  ForbiddenByPolicy: accessPolicy,
  ForbiddenByFirewall: networkRules,
  ForbiddenByConnection: networkRules,
};

const blobs: Refusals = {
  AuthorizationPermissionMismatch: lacksPermission,
  AuthorizationFailure: {
    reason: "access-denied",
    what: "the storage account refuses the app: by its network rules, or because the key in AzureWebJobsStorage is not its own",
    remedy:
      "whoever manages the account has to allow the app's network; where AzureWebJobsStorage is a connection string, check its key as well",
  },
  AuthenticationFailed: {
    reason: "access-denied",
    what: "the storage account does not accept the key, signature or token of the app",
    remedy:
      "where AzureWebJobsStorage is a connection string, put the account's current key or a valid signature into it; otherwise the identity has to be in the account's tenant",
  },
  KeyBasedAuthenticationNotPermitted: {
    reason: "access-denied",
    what: "the storage account does not accept account keys",
    remedy:
      "use an identity instead of the connection string (AzureWebJobsStorage__accountName), or whoever manages the account has to allow keys",
  },
  AccountIsDisabled: {
    reason: "unavailable",
    what: "the storage account is disabled, as it is with its subscription",
    remedy: "the owner of the subscription has to enable it again, usually a billing matter",
  },
  ContainerBeingDeleted: {
    reason: "unavailable",
    what: "the container of the locks is being deleted, which takes half a minute or more",
    remedy: "the next tick creates it again",
  },
};

const byService: Readonly<Record<CallSite["service"], Refusals>> = {
  "Azure Resource Manager": arm,
  "Key Vault": vault,
  "Blob Storage": blobs,
  "Managed identity": {},
};

/** What the service's code means; undefined for an unknown code, rather than a guess. */
export function knownRefusal(site: CallSite, code: string): Refusal | undefined {
  const known = byService[site.service];
  const refusal = Object.hasOwn(known, code) ? known[code] : undefined;
  return typeof refusal === "function" ? refusal(site) : refusal;
}
