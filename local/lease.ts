import { createHash } from "node:crypto";
import { BlobServiceClient } from "@azure/storage-blob";
import type { LocalRuntime } from "./view.ts";

/** Ends the lease of a run that died. Blob leases live by real time, and nobody wants to wait 60 s. */
export async function breakLease(connectionString: string, { id }: LocalRuntime): Promise<void> {
  const container =
    BlobServiceClient.fromConnectionString(connectionString).getContainerClient("rotation-locks");
  const name = createHash("sha256").update(id.toLowerCase()).digest("hex");
  await container.getBlobClient(name).getBlobLeaseClient().breakLease(0);
}
