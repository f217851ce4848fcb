/** Gets tokens for the app's managed identity. */
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { ManagedIdentityCredential } from "@azure/identity";
import { TOKEN_MS } from "../timeLimits.ts";
import { callService } from "./callService.ts";
import { loadSdk } from "./loadSdk.ts";
import { noteProgress, preparedAgent } from "./policies.ts";

/** The part of a credential that the SDK clients use. */
export type Credential = Pick<ManagedIdentityCredential, "getToken">;

/** Needed because the identity endpoint has no timeout of its own, and its library ignores abort signals. */
const LIMIT = { timeoutMs: TOKEN_MS };

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

/** The identity library takes no policies (docs/azure.md), so its HTTP client is wrapped instead. */
function watched(client: HttpClient): HttpClient {
  const noted = noteProgress.policy;
  return {
    sendRequest: (request) =>
      preparedAgent.policy.sendRequest(request, (same) =>
        noted.sendRequest(same, (it) => client.sendRequest(it)),
      ),
  };
}
