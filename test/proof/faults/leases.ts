import { createHash } from "node:crypto";
import { leasesOf, type Leases as StoredLeases } from "../../support/leases.ts";
import { type Front, type FrontFault, type FrontRequest, startFront } from "../shared/front.ts";
import { armIdOf, type BlobOperation } from "./scenarios.ts";

interface BlobInjection {
  readonly operation: BlobOperation;
  readonly attempt: number;
  readonly times: number;
  readonly when: "before" | "after";
  readonly fault: FrontFault;
  /** Done as it strikes. */
  readonly onHit?: () => void;
}

interface Account {
  injection: BlobInjection | undefined;
  seen: number;
  hits: number;
  held: boolean;
  wasHeld: boolean;
  /** It was taken while it was held: two runs believe that they are alone. */
  isDoubled: boolean;
}

/** The storage account as the app reaches it, with faults for the leases of single runtimes. */
export class Leases {
  readonly connectionString: string;
  readonly #stored: StoredLeases;
  readonly #front: Front;
  readonly #accounts: Map<string, Account>;

  /** @param connectionString of the storage account behind it */
  static async start(connectionString: string): Promise<Leases> {
    const [, origin = ""] = /BlobEndpoint=(https?:\/\/[^/]+)/.exec(connectionString) ?? [];
    const accounts = new Map<string, Account>();
    const accountOf = ({ path }: FrontRequest) => accounts.get(path.slice(path.lastIndexOf("/") + 1));
    const front = await startFront(origin, {
      meet: (request) => {
        const account = accountOf(request);
        const injection = account?.injection;
        if (!account || !injection || injection.operation !== operationOf(request)) return undefined;
        account.seen += 1;
        const { attempt, times } = injection;
        if (account.seen < attempt || account.seen >= attempt + times) return undefined;
        account.hits += 1;
        injection.onHit?.();
        return injection;
      },
      answered: (request, { status }) => {
        const account = accountOf(request);
        const operation = operationOf(request);
        if (account === undefined || status >= 300) return;
        if (operation === "acquireLease") {
          Object.assign(account, { held: true, wasHeld: true, isDoubled: account.isDoubled || account.held });
        }
        if (operation === "releaseLease") account.held = false;
      },
    });
    return new Leases(connectionString, front, accounts);
  }

  private constructor(connectionString: string, front: Front, accounts: Map<string, Account>) {
    this.#stored = leasesOf(connectionString);
    this.#front = front;
    this.#accounts = accounts;
    this.connectionString = connectionString.replace(/(BlobEndpoint=)https?:\/\/[^/]+/, `$1${front.origin}`);
  }

  /** @param isNew whether the app has never locked it, so that it finds no blob to lease */
  async add(id: string, isNew = false): Promise<void> {
    const account = { injection: undefined, seen: 0, hits: 0, held: false, wasHeld: false, isDoubled: false };
    this.#accounts.set(blobOf(id), account);
    if (!isNew) await (await this.#stored.hold(armIdOf(id)))();
  }

  /** Returns how often it struck. */
  inject(id: string, injection: BlobInjection | undefined): () => number {
    const account = Object.assign(this.of(id), { injection, seen: 0, hits: 0 });
    return () => account.hits;
  }

  of(id: string): Account {
    return this.#accounts.get(blobOf(id))!;
  }

  /** Ends a lease that nobody renews, where its 60 s would: the one thing here that is not waited for. */
  async expire(id: string): Promise<void> {
    await this.#stored.break(armIdOf(id));
    this.of(id).held = false;
  }

  stop(): Promise<void> {
    return this.#front.stop();
  }
}

function operationOf({ query, headers }: FrontRequest): string | undefined {
  return query.get("comp") === "lease" ? `${headers["x-ms-lease-action"]}Lease` : undefined;
}

function blobOf(id: string): string {
  return createHash("sha256").update(armIdOf(id).toLowerCase()).digest("hex");
}
