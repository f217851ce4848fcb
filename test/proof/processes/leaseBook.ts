import { type Leases, leasesOf } from "../../support/leases.ts";
import type { Runtime } from "./cast.ts";
import type { Invocation, Visit } from "./invocation.ts";

/** Who holds which lease, by what the storage account itself answered. */
export class LeaseBook {
  /** How many were ended before their time. */
  ended = 0;
  readonly #leases: Leases;
  readonly #holders = new Map<Runtime, Invocation>();

  /** @param connectionString of the storage account itself */
  constructor(connectionString: string) {
    this.#leases = leasesOf(connectionString);
  }

  happened({ by, operation, runtime }: Visit): void {
    if (runtime === undefined) return;
    if (operation === "acquireLease") this.#holders.set(runtime, by);
    // The next holder's answer may have been quicker than that of the release.
    if (operation === "releaseLease" && this.#holders.get(runtime) === by) this.#holders.delete(runtime);
  }

  holds(by: Invocation, runtime: Runtime): boolean {
    return this.#holders.get(runtime) === by;
  }

  /** Ends the leases that a run which is over left behind, where their 60 s would; returns whose they were. */
  async endOf(by: Invocation): Promise<Runtime[]> {
    const left = [...this.#holders].filter(([, holder]) => holder === by).map(([runtime]) => runtime);
    for (const runtime of left) {
      this.#holders.delete(runtime);
      await this.#leases.break(runtime.id);
      this.ended += 1;
    }
    return left;
  }
}
