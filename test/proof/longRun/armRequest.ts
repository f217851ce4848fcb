import { armSpender, spend } from "../../../local/azure/model/budgets.ts";
import type { RequestAnswer } from "../../../src/services.ts";
import type { Run } from "./runs.ts";

/** One request of the app to Azure Resource Manager, which keeps for each subscription what it answers. */
export function armRequest({ world, instance }: Run, subscription: string, kind: "read" | "write") {
  const { random, azure, records, othersUntil, throttledAt } = world;
  let told: RequestAnswer = { remaining: undefined, throttled: false, retryAfterMs: undefined };
  instance.pace.sent(subscription, kind);
  const take = () => {
    const limit = kind === "read" ? "armReads" : "armWrites";
    return spend(azure.budgets, limit, armSpender(subscription, "the app"), world.now);
  };
  return {
    /** Whether it is one too many. Others may have spent what it needs; where nobody did, no request may be that. */
    arrives(): boolean {
      const { now, calm } = world;
      const until = othersUntil.get(subscription) ?? 0;
      // Others often come first.
      if (until > now && !calm && random.chance(0.2)) while (take() !== undefined);
      const remaining = take();
      told = { ...told, remaining: remaining ?? 0 };
      if (remaining !== undefined) return false;
      const seconds = random.pick([undefined, 1, 5, 10, 30, 60]);
      told = { ...told, retryAfterMs: seconds && seconds * 1000 };
      throttledAt.set(subscription, now);
      instance.troubledAt = now;
      // Longer than a spent bucket takes to fill again.
      if (until >= now - 30_000) world.count("throttled: by others");
      else world.fail(records[0]!, "the app is throttled, and nobody else spends anything");
      return true;
    },
    /** Its answer comes, of which the instance is told. */
    answered(status: number | undefined): void {
      instance.pace.answered(subscription, kind, { ...told, throttled: status === 429 });
    },
  };
}
