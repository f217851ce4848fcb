import type { ManagedIdentityCredential } from "@azure/identity";
import { toServiceError } from "./sdkError.ts";

/** What the SDK clients need of a credential. */
export type Credential = Pick<ManagedIdentityCredential, "getToken">;

/** The identity endpoint has no timeout of its own, and the library that asks it honours no abort signal. */
const TOKEN_MS = 10_000;

/** The app's managed identity; without a client id the system-assigned one. Loads its SDK with the first token. */
export function managedIdentity(clientId: string | undefined): Credential {
  let loaded: Promise<Credential> | undefined;
  return {
    async getToken(scopes, options) {
      const site = {
        service: "Managed identity",
        operation: "getToken",
        target: String(scopes),
        permission: "a managed identity, and name it in AZURE_CLIENT_ID if it is user-assigned",
      } as const;
      try {
        loaded ??= load(clientId);
        return await withinTime((await loaded).getToken(scopes, options));
      } catch (error) {
        throw toServiceError(error, site);
      }
    },
  };
}

async function load(clientId: string | undefined): Promise<Credential> {
  const { ManagedIdentityCredential } = await import("@azure/identity");
  return new ManagedIdentityCredential({ ...(clientId && { clientId }), retryOptions: { maxRetries: 1 } });
}

async function withinTime<T>(token: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new DOMException("no token came in time", "TimeoutError")),
    TOKEN_MS,
  );
  try {
    return await Promise.race([token, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
