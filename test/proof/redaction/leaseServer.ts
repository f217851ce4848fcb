import { type Front, type FrontFault, startFront } from "../faults/front.ts";

export interface LeaseServer {
  readonly connectionString: string;
  /** What requests about this blob are answered from now on; returns how many were. */
  answer(blob: string, fault: FrontFault): () => number;
  stop(): Promise<void>;
}

/** A storage account that grants every lease, unless it is told to answer otherwise. */
export async function startLeaseServer(): Promise<LeaseServer> {
  const faults = new Map<string, { fault: FrontFault; hits: number }>();
  // Nothing stands behind it: every request is answered in front.
  const front: Front = await startFront("http://127.0.0.1:9", {
    meet: ({ path, headers }) => {
      const entry = faults.get(path.slice(path.lastIndexOf("/") + 1));
      if (entry !== undefined) {
        entry.hits += 1;
        return { when: "before", fault: entry.fault };
      }
      const leaseId = `${headers["x-ms-proposed-lease-id"] ?? headers["x-ms-lease-id"]}`;
      const status = headers["x-ms-lease-action"] === "acquire" ? 201 : 200;
      return { when: "before", fault: { status, headers: { "x-ms-lease-id": leaseId }, body: "" } };
    },
  });
  return {
    connectionString: `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=RkFLRQ==;BlobEndpoint=${front.origin}/account;`,
    answer: (blob, fault) => {
      const entry = { fault, hits: 0 };
      faults.set(blob, entry);
      return () => entry.hits;
    },
    stop: () => front.stop(),
  };
}
