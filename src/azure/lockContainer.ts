/** Connects to the blob container that holds the locks. */
import type { ContainerClient, RequestPolicyFactory } from "@azure/storage-blob";
import type { StorageConfig } from "../config/storage.ts";
import type { CallProgress } from "./call.ts";
import { type Credential, managedIdentity } from "./credential.ts";
import { loadSdk } from "./loadSdk.ts";
import { prepareAgent } from "./prepareAgent.ts";

/** The same for all storage accounts, in every cloud (docs/azure.md). */
const SCOPE = "https://storage.azure.com/.default";

/**
 * One container of the app's own storage account. Its SDK takes no policies, so what it sends cannot be seen: the token
 * is requested before each call instead, which costs nothing while it is valid.
 */
export function connectContainer(
  storage: StorageConfig,
  appCredential: Credential,
  name: string,
): (call: CallProgress) => Promise<ContainerClient> {
  const sdk = loadSdk(() => import("@azure/storage-blob"));
  const credential = credentialOf(storage, appCredential);
  let container: ContainerClient | undefined;
  return async (call) => {
    const { BlobServiceClient, newPipeline } = await sdk();
    if (container === undefined) {
      const options = { retryOptions: { maxTries: 2, retryDelayInMs: 500 } };
      const plain =
        storage.kind === "connectionString"
          ? BlobServiceClient.fromConnectionString(storage.connectionString, options)
          : new BlobServiceClient(storage.blobServiceUrl, credential, options);
      const pipeline = newPipeline(plain.credential, options);
      pipeline.factories.push(preparedAgentFactory);
      container = new BlobServiceClient(plain.url, pipeline).getContainerClient(name);
    }
    await credential?.getToken(SCOPE);
    call.sent = true;
    return container;
  };
}

function credentialOf(storage: StorageConfig, appCredential: Credential): Credential | undefined {
  if (storage.kind === "connectionString") return undefined;
  return storage.clientId === undefined ? appCredential : managedIdentity(storage.clientId);
}

/** Behind a proxy, the agent of a request holds the tokens of others (prepareAgent.ts). */
const preparedAgentFactory: RequestPolicyFactory = {
  create: (next) => ({
    async sendRequest(request) {
      prepareAgent(request);
      return await next.sendRequest(request);
    },
  }),
};
