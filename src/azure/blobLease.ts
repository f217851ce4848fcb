/** The locks: one blob lease for each runtime. */
import { createHash, randomUUID } from "node:crypto";
import type { BlobLeaseClient, ContainerClient } from "@azure/storage-blob";
import type { StorageConfig } from "../config/storage.ts";
import type { Lease, Locks } from "../services.ts";
import { LEASE_MS, STORAGE_REQUEST_MS } from "../timeLimits.ts";
import type { CallProgress, CallSite } from "./call.ts";
import { type CallOptions, callService } from "./callService.ts";
import type { Credential } from "./credential.ts";
import { connectContainer } from "./lockContainer.ts";
import { notTheService, unexpected } from "./sdkError.ts";

const CONTAINER = "rotation-locks";

const NOT_THERE = ["ContainerNotFound", "BlobNotFound"];
/** Somebody else has it, or did until just now: a lease that is being broken still holds. */
const HELD = ["LeaseAlreadyPresent", "LeaseIsBreakingAndCannotBeAcquired"];
/** Another run was quicker to create it. */
const THERE = ["ContainerAlreadyExists", "BlobAlreadyExists", "ConditionNotMet", "LeaseIdMissing"];
const LOST = [
  ...NOT_THERE,
  ...HELD,
  "LeaseIdMismatchWithLeaseOperation",
  "LeaseIsBreakingAndCannotBeChanged",
  "LeaseIsBrokenAndCannotBeRenewed",
  "LeaseLost",
  "LeaseNotPresentWithLeaseOperation",
];

/** Connects the locks, which are in the app's own storage account. */
export function connectLocks(storage: StorageConfig, credential: Credential): Locks {
  const connected = connectContainer(storage, credential, CONTAINER);
  return {
    async acquire({ key }, limit) {
      const blobName = createHash("sha256").update(key).digest("hex");
      const site = (operation: string): CallSite => ({
        service: "Blob Storage",
        operation,
        target: `${CONTAINER}/${blobName}`,
        permission: "Storage Blob Data Owner on the app's storage account",
      });
      const taken = await callService(site("acquireLease"), limit, async (options, call) => {
        const container = await connected(call);
        const client = container.getBlockBlobClient(blobName).getBlobLeaseClient(randomUUID());
        return { client, held: await acquire(container, blobName, client, options) };
      });
      if (typeof taken.held === "string") return undefined;
      requireOwn(taken.held, taken.client, site("acquireLease"));
      return leaseOf(taken.client, connected, site);
    },
  };
}

/** Takes the lease, and creates container and blob if they are missing. */
async function acquire(
  container: ContainerClient,
  blobName: string,
  client: BlobLeaseClient,
  options: CallOptions,
): Promise<LeaseAnswer | string> {
  const take = () => unless(HELD, client.acquireLease(LEASE_MS / 1000, bounded(options)));
  const first = await unless(NOT_THERE, take());
  if (typeof first !== "string" || HELD.includes(first)) return first;
  await unless(THERE, container.create(bounded(options)));
  const conditions = { ifNoneMatch: "*" };
  await unless(
    THERE,
    container.getBlockBlobClient(blobName).upload("", 0, { ...bounded(options), conditions }),
  );
  return await take();
}

function leaseOf(
  client: BlobLeaseClient,
  connected: (call: CallProgress) => Promise<unknown>,
  site: (operation: string) => CallSite,
): Lease {
  return {
    async renew(limit) {
      const held = await callService(site("renewLease"), limit, async (options, call) => {
        await connected(call);
        return await unless(LOST, client.renewLease(bounded(options)));
      });
      if (typeof held === "string") return false;
      requireOwn(held, client, site("renewLease"));
      return true;
    },
    async release(limit) {
      await callService(site("releaseLease"), limit, async (options, call) => {
        await connected(call);
        await unless(LOST, client.releaseLease(bounded(options)));
      });
    },
  };
}

type LeaseAnswer = { leaseId?: string | undefined };

/** A proxy may answer 200 too, but only the account knows the lease's id. */
function requireOwn({ leaseId }: LeaseAnswer, client: BlobLeaseClient, site: CallSite): void {
  if (leaseId !== client.leaseId) {
    throw unexpected(site, `the answer does not name the lease: ${notTheService(site)}`);
  }
}

/** The SDK's own timeout is only passed on to the service. */
function bounded({ abortSignal }: CallOptions) {
  return { abortSignal: AbortSignal.any([abortSignal, AbortSignal.timeout(STORAGE_REQUEST_MS)]) };
}

/** Turns expected refusals into the code that Blob Storage gave; anything else is thrown. */
async function unless<T>(expected: readonly string[], call: Promise<T>): Promise<T | string> {
  try {
    return await call;
  } catch (error) {
    const { response } = Object(error) as {
      response?: { headers?: { get(name: string): string | undefined } };
    };
    // Only the service sends this header: a proxy's answer says nothing about the lease.
    const code = response?.headers?.get("x-ms-error-code");
    if (code === undefined || !expected.includes(code)) throw error;
    return code;
  }
}
