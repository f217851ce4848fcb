/** How much one process does at once, for the timer and calls together: slots, and request budgets of subscriptions. */
import type { Clock } from "../clock.ts";
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import { type CallLimit, REQUEST_LIMITS, type RequestMeter } from "../services.ts";
import { REPEAT_AFTER_MS } from "../timeLimits.ts";
import type { Deadline } from "./deadline.ts";
import { ROTATION } from "./need.ts";
import type { RuntimeOutcome } from "./outcome.ts";
import { RequestBudget } from "./requestBudget.ts";
import { type Lane, Slots } from "./slots.ts";

export interface Budgets {
  readonly write: RequestBudget;
  readonly read: RequestBudget;
}

export class Pace implements RequestMeter {
  readonly slots: Slots;
  /** How many runs in a row did not reach a runtime, by the keys of their ids. */
  readonly #unreached = new Map<string, number>();
  readonly #clock: Clock;
  readonly #budgets = new Map<string, Budgets>();

  /** @param concurrency how many runtimes are worked on at once */
  constructor(clock: Clock, concurrency: number) {
    this.#clock = clock;
    this.slots = new Slots(concurrency);
  }

  budgetsOf(subscriptionId: string): Budgets {
    const key = subscriptionId.toLowerCase();
    const budgets = this.#budgets.get(key) ?? {
      write: new RequestBudget(this.#clock, REQUEST_LIMITS.write),
      read: new RequestBudget(this.#clock, REQUEST_LIMITS.read),
    };
    this.#budgets.set(key, budgets);
    return budgets;
  }

  /** What the last run did not reach comes first; what several runs in a row did not reach comes before that. */
  unreachedFirst(runtimes: readonly RuntimeConfig[]): readonly RuntimeConfig[] {
    const times = ({ id }: RuntimeConfig) => this.#unreached.get(id.key) ?? 0;
    return runtimes.toSorted((one, other) => times(other) - times(one));
  }

  noteUnreached(outcomes: Iterable<RuntimeOutcome>): void {
    for (const { config, reason } of outcomes) {
      const { key } = config.id;
      if (reason === "out-of-time") this.#unreached.set(key, (this.#unreached.get(key) ?? 0) + 1);
      else this.#unreached.delete(key);
    }
  }

  /** When deferred work can be repeated: other runs' leases are over and the budgets have refilled. */
  repeatAfterMs(outcomes: Iterable<RuntimeOutcome>): number {
    const deferred = [...outcomes].filter(({ outcome }) => outcome === "deferred");
    const bySubscription = Map.groupBy(deferred, ({ config }) => config.id.subscriptionId);
    const waits = [...bySubscription].map(([subscriptionId, { length }]) =>
      this.budgetsOf(subscriptionId).write.readyInMs(length * ROTATION.writes),
    );
    return Math.max(REPEAT_AFTER_MS, ...waits);
  }

  /** The limit for one more page of a list, once its subscription's budget allows it. */
  async forRead(subscriptionId: string, lane: Lane, deadline: Deadline): Promise<CallLimit> {
    const { read } = this.budgetsOf(subscriptionId);
    read.release(await read.reserve(1, lane, 0, deadline), lane);
    return deadline.forRead();
  }

  sent(...[subscriptionId, kind]: Parameters<RequestMeter["sent"]>): void {
    this.budgetsOf(subscriptionId)[kind].sent();
  }

  answered(...[subscriptionId, kind, answer]: Parameters<RequestMeter["answered"]>): void {
    this.budgetsOf(subscriptionId)[kind].answered(answer);
  }
}
