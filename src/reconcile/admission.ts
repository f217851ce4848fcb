/** Admits work on a runtime: it reserves requests of the runtime's subscription first, then takes a slot. */
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import type { Deadline } from "./deadline.ts";
import type { Need } from "./need.ts";
import type { Pace } from "./pace.ts";
import type { Lane } from "./slots.ts";

/** Runtimes of one group depend on the same subscription and vault, so one slow service delays them all. */
export function groupOf({ id, vaultUrl }: RuntimeConfig): string {
  return `${id.subscriptionId} ${vaultUrl}`;
}

export class Admission {
  readonly #pace: Pace;
  readonly #lane: Lane;
  readonly #subscriptionId: string;
  readonly #group: string;
  #held = { writes: 0, reads: 0 };
  #hasSlot = false;

  constructor(pace: Pace, lane: Lane, config: RuntimeConfig) {
    this.#pace = pace;
    this.#lane = lane;
    this.#subscriptionId = config.id.subscriptionId;
    this.#group = groupOf(config);
  }

  /** Waits for its turn, at most until `until`. */
  async enter({ writes, reads, urgency }: Need, until: Deadline): Promise<void> {
    const { write, read } = this.#budgets;
    this.#held.writes = await write.reserve(writes, this.#lane, urgency, until);
    this.#held.reads = await read.reserve(reads, this.#lane, urgency, until);
    this.#hasSlot = await this.#pace.slots.acquire(this.#lane, this.#group, until);
  }

  /** If more is needed than was reserved, gives everything back and queues again, so that it blocks nobody meanwhile. */
  async needs(need: Need, until: Deadline): Promise<void> {
    if (this.#held.writes >= need.writes) return;
    this.leave();
    await this.enter(need, until);
  }

  /** Gives back the slot and the reservation. The budgets have already deducted the requests that were sent. */
  leave(): void {
    const { write, read } = this.#budgets;
    if (this.#held.writes > 0) write.release(this.#held.writes, this.#lane);
    if (this.#held.reads > 0) read.release(this.#held.reads, this.#lane);
    this.#held = { writes: 0, reads: 0 };
    if (this.#hasSlot) this.#pace.slots.release(this.#lane, this.#group);
    this.#hasSlot = false;
  }

  get #budgets() {
    return this.#pace.budgetsOf(this.#subscriptionId);
  }
}
