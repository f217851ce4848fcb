import type { HttpClient } from "@azure/core-rest-pipeline";
import type { ManagedIdentityCredential } from "@azure/identity";
import { callService } from "./callService.ts";
import { loadSdk } from "./loadSdk.ts";
import { noteProgress, preparedAgent } from "./policies.ts";

/** What the SDK clients need of a credential. */
export type Credential = Pick<ManagedIdentityCredential, "getToken">;

/**
 * For one token, however little the call has that asks for it: calls share what comes. The identity endpoint has no
 * timeout of its own, and the library that asks it honours no abort signal.
 */
const LIMIT = { timeoutMs: 10_000 };

/** The app's managed identity; without a client id the system-assigned one. Loads its SDK with the first token. */
export function managedIdentity(clientId: string | undefined): Credential {
  const sdk = loadSdk(() => Promise.all([import("@azure/identity"), import("@azure/core-rest-pipeline")]));
  let credential: Credential | undefined;
  return {
    async getToken(scopes, options) {
      const site = {
        service: "Managed identity",
        operation: "getToken",
        target: String(scopes),
        permission: "a managed identity, and name it in AZURE_CLIENT_ID if it is user-assigned",
      } as const;
      return await callService(site, LIMIT, async () => {
        const [{ ManagedIdentityCredential }, { createDefaultHttpClient }] = await sdk();
        credential ??= new ManagedIdentityCredential({
          ...(clientId && { clientId }),
          retryOptions: { maxRetries: 1 },
          httpClient: watched(createDefaultHttpClient()),
        });
        return await credential.getToken(scopes, options);
      });
    },
  };
}

/** The identity's library takes no policies of ours (docs/azure.md), but the client at the end of its own. */
function watched(client: HttpClient): HttpClient {
  const noted = noteProgress.policy;
  return {
    sendRequest: (request) =>
      preparedAgent.policy.sendRequest(request, (same) =>
        noted.sendRequest(same, (it) => client.sendRequest(it)),
      ),
  };
}
