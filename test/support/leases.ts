import { createHash, randomUUID } from "node:crypto";
import { BlobServiceClient } from "@azure/storage-blob";

/** What somebody else does to the leases of runtimes: the same container and blobs, past the app. */
export interface Leases {
  /** Makes the blob, in a container that is there, as it is where the app has locked the runtime before. */
  add(runtime: string): Promise<unknown>;
  /** Takes the lease as another run would; the function gives it back. */
  hold(runtime: string): Promise<() => Promise<void>>;
  /** What the lease's expiry does, or an operator who breaks it; nothing where it is free already. */
  break(runtime: string): Promise<void>;
  state(runtime: string): Promise<string | undefined>;
  /** Of all blobs. */
  names(): Promise<string[]>;
  /** As if no lease had ever been asked for. */
  clear(): Promise<void>;
}

/** The name of the blob whose lease is a runtime's lock. */
export function leaseBlobOf(runtime: string): string {
  return createHash("sha256").update(runtime.toLowerCase()).digest("hex");
}

export function leasesOf(connectionString: string): Leases {
  const container =
    BlobServiceClient.fromConnectionString(connectionString).getContainerClient("rotation-locks");
  const blobOf = (runtime: string) => container.getBlockBlobClient(leaseBlobOf(runtime));
  return {
    add: (runtime) => blobOf(runtime).upload("", 0),
    async hold(runtime) {
      await container.createIfNotExists();
      const blob = blobOf(runtime);
      if (!(await blob.exists())) await this.add(runtime);
      const lease = blob.getBlobLeaseClient(randomUUID());
      await lease.acquireLease(60);
      return async () => void (await lease.releaseLease());
    },
    async break(runtime) {
      if ((await this.state(runtime)) !== "leased") return;
      await blobOf(runtime).getBlobLeaseClient().breakLease(0);
    },
    async state(runtime) {
      return (await blobOf(runtime).getProperties()).leaseState;
    },
    async names() {
      const names: string[] = [];
      for await (const { name } of container.listBlobsFlat()) names.push(name);
      return names;
    },
    async clear() {
      await container.deleteIfExists();
    },
  };
}
