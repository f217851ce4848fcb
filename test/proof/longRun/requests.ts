import { armSpender, spend } from "../../../local/azure/model/budgets.ts";
import type { RequestAnswer } from "../../../src/services.ts";
import type { Instance } from "./instance.ts";
import { rates } from "./triggers.ts";
import { count, fail, type World } from "./world.ts";

export type RequestKind = "read" | "write";

/** Longer than a spent bucket takes to fill again. */
const REFILLED_MS = 30_000;

/**
 * A request of the app arrives at Azure Resource Manager, which keeps for each subscription what it answers. Where others
 * spend the same, they often come first; where nobody does, no request may be one too many.
 */
export function arrives(
  world: World,
  instance: Instance,
  subscription: string,
  kind: RequestKind,
): RequestAnswer {
  const { azure, scheduler, random, othersSpend, throttledAt } = world;
  const { now } = scheduler;
  const limit = kind === "read" ? "armReads" : "armWrites";
  const spender = armSpender(subscription, "the app");
  const take = () => spend(azure.budgets, limit, spender, now);
  const until = othersSpend.get(subscription) ?? 0;
  if (until > now && random.chance(rates.othersComeFirst)) while (take() !== undefined);
  const remaining = take();
  const senders = world.sentAt.get(subscription) ?? new Map<Instance, number>();
  world.sentAt.set(subscription, senders.set(instance, now));
  for (const [sender, at] of senders) if (at < now - REFILLED_MS) senders.delete(sender);
  if (remaining !== undefined) return { remaining, throttled: false, retryAfterMs: undefined };
  throttledAt.set(subscription, now);
  instance.troubledAt = now;
  if (until >= now - REFILLED_MS) count(world, "throttled: by others");
  // Another process of the app is somebody else too.
  else if (senders.size > 1) count(world, "throttled: by another instance");
  else fail(world, world.records[0]!, "the app is throttled, and nobody else spends anything");
  const seconds = random.pick([undefined, 1, 5, 10, 30, 60]);
  return { remaining: 0, throttled: true, retryAfterMs: seconds && seconds * 1000 };
}
