import { createHash, randomUUID } from "node:crypto";
import type { BlobLeaseClient, ContainerClient } from "@azure/storage-blob";
import type { StorageConfig } from "../config/config.ts";
import type { CallLimit, Lease, Locks } from "../services.ts";
import { type Credential, managedIdentity } from "./credential.ts";
import { type CallSite, unexpected, withServiceErrors } from "./sdkError.ts";

const CONTAINER = "rotation-locks";

/** The longest that a lease can hold without being endless: a dead run blocks the next no longer. */
const LEASE_SECONDS = 60;

/** One call with its retry; the SDK's own timeout is only a wish that the service is told of. */
const CALL_MS = 10_000;

/** Leases on one blob for each runtime, in the app's own storage account. */
export function connectLocks(storage: StorageConfig, credential: Credential): Locks {
  let loaded: Promise<ContainerClient> | undefined;
  return {
    async acquire({ key }, limit) {
      const blobName = createHash("sha256").update(key).digest("hex");
      const site = (operation: string): CallSite => ({
        service: "Blob Storage",
        operation,
        target: `${CONTAINER}/${blobName}`,
        permission: "Storage Blob Data Owner on the app's storage account",
      });
      return await withServiceErrors(site("acquireLease"), async () => {
        loaded ??= loadContainer(storage, credential);
        const container = await loaded;
        const options = optionsFor(limit);
        const blob = container.getBlockBlobClient(blobName);
        const client = blob.getBlobLeaseClient(randomUUID());
        const acquire = () => withStatus([409], client.acquireLease(LEASE_SECONDS, options));
        const first = await withStatus([404], acquire());
        if (first === 404) {
          // 409 and 412: another run was quicker in making them.
          await withStatus([409], container.create(options));
          await withStatus([409, 412], blob.upload("", 0, { ...options, conditions: { ifNoneMatch: "*" } }));
        }
        const held = first === 404 ? await acquire() : first;
        if (held === 409) return undefined;
        requireOwn(held, client, site("acquireLease"));
        return leaseOf(client, site);
      });
    },
  };
}

function leaseOf(client: BlobLeaseClient, site: (operation: string) => CallSite): Lease {
  return {
    async renew(limit) {
      return await withServiceErrors(site("renewLease"), async () => {
        const held = await withStatus([404, 409, 412], client.renewLease(optionsFor(limit)));
        if (typeof held === "number") return false;
        requireOwn(held, client, site("renewLease"));
        return true;
      });
    },
    async release(limit) {
      await withServiceErrors(site("releaseLease"), async () => {
        await withStatus([404, 409, 412], client.releaseLease(optionsFor(limit)));
      });
    },
  };
}

/** What stands between here and the account may answer 200 as well; only the account knows the lease's id. */
function requireOwn(
  { leaseId }: { leaseId?: string | undefined },
  client: BlobLeaseClient,
  site: CallSite,
): void {
  if (leaseId !== client.leaseId) throw unexpected(site, "the answer does not name the lease");
}

async function loadContainer(storage: StorageConfig, credential: Credential): Promise<ContainerClient> {
  const { BlobServiceClient } = await import("@azure/storage-blob");
  const options = { retryOptions: { maxTries: 2, retryDelayInMs: 500 } };
  const service =
    storage.kind === "connectionString"
      ? BlobServiceClient.fromConnectionString(storage.connectionString, options)
      : new BlobServiceClient(
          storage.blobServiceUrl,
          storage.clientId === undefined ? credential : managedIdentity(storage.clientId),
          options,
        );
  return service.getContainerClient(CONTAINER);
}

function optionsFor({ timeoutMs }: CallLimit) {
  return { abortSignal: AbortSignal.timeout(Math.min(timeoutMs, CALL_MS)) };
}

/** Turns expected refusals into values: the status, where the call failed with one of these. */
async function withStatus<T, Status extends number>(
  expected: readonly Status[],
  call: Promise<T>,
): Promise<T | Status> {
  try {
    return await call;
  } catch (error) {
    const status = expected.find((status) => (error as { statusCode?: unknown }).statusCode === status);
    if (status === undefined) throw error;
    return status;
  }
}
