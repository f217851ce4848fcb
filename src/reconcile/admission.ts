/** One runtime's way to its turn: first what its subscription has to answer, then a slot. */
import type { RuntimeConfig } from "../config/config.ts";
import type { Deadline } from "./deadline.ts";
import type { Need } from "./need.ts";
import type { Pace } from "./pace.ts";
import type { Lane } from "./slots.ts";

/** Runtimes that one slow service would hold up together. */
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

  /** Waits for its turn, or until no work on a runtime begins any more. */
  async enter({ writes, reads, urgency }: Need, until: Deadline): Promise<void> {
    const { write, read } = this.#budgets;
    this.#held.writes = await write.reserve(writes, this.#lane, urgency, until);
    this.#held.reads = await read.reserve(reads, this.#lane, urgency, until);
    this.#hasSlot = await this.#pace.slots.take(this.#lane, this.#group, until);
  }

  /** Steps aside for what goes on to need more than it came for: who waits holds up nobody. */
  async needs(need: Need, until: Deadline): Promise<void> {
    if (this.#held.writes >= need.writes) return;
    this.leave();
    await this.enter(need, until);
  }

  /** Hands back its slot, and what it did not spend. */
  leave(): void {
    const { write, read } = this.#budgets;
    if (this.#held.writes > 0) write.release(this.#held.writes, this.#lane);
    if (this.#held.reads > 0) read.release(this.#held.reads, this.#lane);
    this.#held = { writes: 0, reads: 0 };
    if (this.#hasSlot) this.#pace.slots.give(this.#lane, this.#group);
    this.#hasSlot = false;
  }

  get #budgets() {
    return this.#pace.budgetsOf(this.#subscriptionId);
  }
}
