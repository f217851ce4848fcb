import { createHash } from "node:crypto";
import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import { type Front, type FrontFault, type FrontRequest, startFront } from "./front.ts";
import { armIdOf, type BlobOperation } from "./scenarios.ts";

interface BlobInjection {
  readonly operation: BlobOperation;
  readonly attempt: number;
  readonly times: number;
  readonly when: "before" | "after";
  readonly fault: FrontFault;
}

interface Account {
  injection: BlobInjection | undefined;
  seen: number;
  requests: number[];
  held: boolean;
  wasHeld: boolean;
}

/** The storage account as the app reaches it, with faults for the leases of single runtimes. */
export class Leases {
  readonly #accounts = new Map<string, Account>();
  #front: Front | undefined;
  #connectionString = "";

  /** @param connectionString of the storage account behind it */
  async start(connectionString: string): Promise<void> {
    const [, origin = ""] = /BlobEndpoint=(https?:\/\/[^/]+)/.exec(connectionString) ?? [];
    this.#connectionString = connectionString;
    this.#front = await startFront(origin, {
      meet: (request) => this.#meet(request),
      answered: (request, { status }) => {
        const account = this.#accountOf(request);
        const operation = operationOf(request);
        if (account === undefined || status >= 300) return;
        if (operation === "acquireLease") Object.assign(account, { held: true, wasHeld: true });
        if (operation === "releaseLease") account.held = false;
      },
    });
  }

  get connectionString(): string {
    return this.#connectionString.replace(
      /BlobEndpoint=https?:\/\/[^/]+/,
      `BlobEndpoint=${this.#front?.origin}`,
    );
  }

  /** @param isNew whether the app has never locked it, so that it finds no blob to lease */
  async add(id: string, isNew = false): Promise<void> {
    this.#accounts.set(blobOf(id), {
      injection: undefined,
      seen: 0,
      requests: [],
      held: false,
      wasHeld: false,
    });
    if (!isNew) await this.#container().getBlockBlobClient(blobOf(id)).upload("", 0);
  }

  inject(id: string, injection: BlobInjection | undefined): void {
    Object.assign(this.#account(id), { injection, seen: 0 });
  }

  isHeld(id: string): boolean {
    return this.#account(id).held;
  }

  /** Whether it was ever taken. */
  wasHeld(id: string): boolean {
    return this.#account(id).wasHeld;
  }

  /** When there were requests since this was last asked, in milliseconds since the epoch. */
  takeRequests(id: string): readonly number[] {
    const account = this.#account(id);
    const { requests } = account;
    account.requests = [];
    return requests;
  }

  /** Ends a lease that nobody renews, where its 60 s would: the one thing here that is not waited for. */
  async expire(id: string): Promise<void> {
    await this.#container().getBlobClient(blobOf(id)).getBlobLeaseClient().breakLease(0);
    this.#account(id).held = false;
  }

  async stop(): Promise<void> {
    await this.#front?.stop();
  }

  #container(): ContainerClient {
    return BlobServiceClient.fromConnectionString(this.#connectionString).getContainerClient(
      "rotation-locks",
    );
  }

  #meet(request: FrontRequest) {
    const account = this.#accountOf(request);
    if (account === undefined) return undefined;
    account.requests.push(Date.now());
    const { injection } = account;
    if (injection === undefined || operationOf(request) !== injection.operation) return undefined;
    account.seen += 1;
    const { attempt, times } = injection;
    return account.seen >= attempt && account.seen < attempt + times ? injection : undefined;
  }

  #accountOf({ path }: FrontRequest): Account | undefined {
    return this.#accounts.get(path.slice(path.lastIndexOf("/") + 1));
  }

  #account(id: string): Account {
    const account = this.#accounts.get(blobOf(id));
    if (account === undefined) throw new Error(`nothing is known of ${id}`);
    return account;
  }
}

function operationOf({ query, headers }: FrontRequest): BlobOperation | undefined {
  return query.get("comp") === "lease"
    ? (`${headers["x-ms-lease-action"]}Lease` as BlobOperation)
    : undefined;
}

function blobOf(id: string): string {
  return createHash("sha256").update(armIdOf(id).toLowerCase()).digest("hex");
}
