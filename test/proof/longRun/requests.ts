import { armSpender, spend } from "../../../local/azure/model/budgets.ts";
import type { RequestAnswer } from "../../../src/services.ts";
import type { Instance } from "./instance.ts";
import type { World } from "./world.ts";

/** Where others spend what a subscription answers, so often they come before a request of the app. */
const OTHERS_COME_FIRST = 0.2;
/** Longer than a spent bucket takes to fill again. */
const REFILLED_MS = 30_000;
const NOTHING_TOLD = { remaining: undefined, throttled: false, retryAfterMs: undefined };

/** One request of the app to Azure Resource Manager, which keeps for each subscription what it answers. */
export class ArmRequest {
  readonly #world: World;
  readonly #instance: Instance;
  readonly #subscription: string;
  readonly #kind: "read" | "write";
  #told: RequestAnswer = NOTHING_TOLD;

  constructor(world: World, instance: Instance, subscription: string, kind: "read" | "write") {
    this.#world = world;
    this.#instance = instance;
    this.#subscription = subscription;
    this.#kind = kind;
    instance.pace.sent(subscription, kind);
  }

  /** Whether it is one too many. Others may have spent what it needs; where nobody did, no request may be that. */
  arrives(): boolean {
    const { azure, now, random, records } = this.#world;
    const subscription = this.#world.subscription(this.#subscription);
    const { othersUntil, askedBy } = subscription;
    const limit = this.#kind === "read" ? "armReads" : "armWrites";
    const take = () => spend(azure.budgets, limit, armSpender(this.#subscription, "the app"), now);
    if (othersUntil > now && random.chance(OTHERS_COME_FIRST)) while (take() !== undefined);
    const remaining = take();
    askedBy.set(this.#instance, now);
    for (const [asker, at] of askedBy) if (at < now - REFILLED_MS) askedBy.delete(asker);
    if (remaining !== undefined) {
      this.#told = { ...NOTHING_TOLD, remaining };
      return false;
    }
    const seconds = random.pick([undefined, 1, 5, 10, 30, 60]);
    this.#told = { remaining: 0, throttled: true, retryAfterMs: seconds && seconds * 1000 };
    subscription.throttledAt = now;
    this.#instance.troubledAt = now;
    if (othersUntil >= now - REFILLED_MS) this.#world.count("throttled: by others");
    // Another process of the app is somebody else too.
    else if (askedBy.size > 1) this.#world.count("throttled: by another instance");
    else this.#world.fail(records[0]!, "the app is throttled, and nobody else spends anything");
    return true;
  }

  /** Its answer comes, of which the instance is told. */
  answered(status: number | undefined): void {
    const told = { ...this.#told, throttled: status === 429 };
    this.#instance.pace.answered(this.#subscription, this.#kind, told);
  }
}
