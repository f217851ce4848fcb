import { armSpender, spend } from "../../../local/azure/model/budgets.ts";
import type { RequestAnswer } from "../../../src/services.ts";
import type { Run } from "./runs.ts";

/** Where others spend what a subscription answers, so often they come before a request of the app. */
const OTHERS_COME_FIRST = 0.2;
/** Longer than a spent bucket takes to fill again. */
const REFILLED_MS = 30_000;

/** One request of the app to Azure Resource Manager, which keeps for each subscription what it answers. */
export function armRequest({ world, instance }: Run, subscriptionId: string, kind: "read" | "write") {
  const { random, azure, records } = world;
  const subscription = world.subscription(subscriptionId);
  let told: RequestAnswer = { remaining: undefined, throttled: false, retryAfterMs: undefined };
  instance.pace.sent(subscriptionId, kind);
  const take = () => {
    const limit = kind === "read" ? "armReads" : "armWrites";
    return spend(azure.budgets, limit, armSpender(subscriptionId, "the app"), world.now);
  };
  return {
    /** Whether it is one too many. Others may have spent what it needs; where nobody did, no request may be that. */
    arrives(): boolean {
      const { now, calm } = world;
      const { othersUntil } = subscription;
      const othersSpend = othersUntil > now && !calm;
      if (othersSpend && random.chance(OTHERS_COME_FIRST)) while (take() !== undefined);
      const remaining = take();
      told = { ...told, remaining: remaining ?? 0 };
      if (remaining !== undefined) return false;
      const seconds = random.pick([undefined, 1, 5, 10, 30, 60]);
      told = { ...told, retryAfterMs: seconds && seconds * 1000 };
      subscription.throttledAt = now;
      instance.troubledAt = now;
      if (othersUntil >= now - REFILLED_MS) world.count("throttled: by others");
      else world.fail(records[0]!, "the app is throttled, and nobody else spends anything");
      return true;
    },
    /** Its answer comes, of which the instance is told. */
    answered(status: number | undefined): void {
      instance.pace.answered(subscriptionId, kind, { ...told, throttled: status === 429 });
    },
  };
}
