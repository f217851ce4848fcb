import { type FrontRequest, startFront } from "../faults/front.ts";
import { runtimeOf } from "./cast.ts";
import type { Invocation, Operation, Visit, Watcher } from "./invocation.ts";
import { until } from "./until.ts";

const LEASE_ACTIONS: Readonly<Record<string, Operation>> = {
  acquire: "acquireLease",
  renew: "renewLease",
  release: "releaseLease",
};

/** The storage account as one process reaches it: what comes through is told, and done by the account itself. */
export async function openStorage(
  connectionString: string,
  watcher: Watcher,
  invocation: () => Invocation,
): Promise<{ connectionString: string; close(): Promise<void> }> {
  const [, account = ""] = /BlobEndpoint=(https?:\/\/[^/]+)/.exec(connectionString) ?? [];
  const visits = new Map<FrontRequest, Visit>();
  let closed = false;
  const front = await startFront(account, {
    meet(request) {
      const visit = visitOf(request, invocation());
      if (closed || watcher.arrives(visit) !== undefined) return { when: "before", fault: "reset" };
      visits.set(request, visit);
      return undefined;
    },
    answered(request, { status }) {
      const visit = visits.get(request);
      visits.delete(request);
      // An answer that gets lost here is not kept from anybody: only a process that is killed loses one.
      if (visit !== undefined) watcher.happened(visit, status < 300);
    },
  });
  return {
    connectionString: connectionString.replace(account, front.origin),
    async close() {
      closed = true;
      await front.stop();
      await until("the storage account answers", () => visits.size === 0);
    },
  };
}

function visitOf({ path, query, headers }: FrontRequest, by: Invocation): Visit {
  const isLease = query.get("comp") === "lease";
  const operation = (isLease && LEASE_ACTIONS[`${headers["x-ms-lease-action"]}`]) || "putBlob";
  return { by, operation, runtime: runtimeOf(path.slice(path.lastIndexOf("/") + 1)) };
}
