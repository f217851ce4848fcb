/** How many calls a service takes before it answers 429: a bucket that refills steadily. */
export interface Limit {
  capacity: number;
  refillPerSecond: number;
  /** Seconds in the `Retry-After` of the 429; `undefined` sends none. */
  retryAfter: number | undefined;
}

export type LimitName = "armReads" | "armWrites" | "vaultCreates" | "vaultOthers";

export interface BudgetState {
  limits: Record<LimitName, Limit>;
  /** What is left, by limit and what it counts for: a vault, or {@link armSpender}. `at`: milliseconds since 1970. */
  buckets: Record<string, { tokens: number; at: number }>;
}

/** ARM's buckets, and Key Vault's counts per ten seconds as buckets, as documented (docs/azure.md). */
export function createBudgetState(): BudgetState {
  return {
    limits: {
      armReads: { capacity: 250, refillPerSecond: 25, retryAfter: 10 },
      armWrites: { capacity: 200, refillPerSecond: 10, retryAfter: 10 },
      vaultCreates: { capacity: 300, refillPerSecond: 30, retryAfter: undefined },
      vaultOthers: { capacity: 4000, refillPerSecond: 400, retryAfter: undefined },
    },
    buckets: {},
  };
}

/** ARM counts for each subscription and caller: two apps with one identity share what they may do. */
export function armSpender(subscription: string, principal: string): string {
  return `${subscription} ${principal}`;
}

/** Takes one call from the budget; `undefined` where none is left, else how many are left after it. */
export function spend(state: BudgetState, name: LimitName, spender: string, now: number): number | undefined {
  const limit = state.limits[name];
  const key = `${name} ${spender.toLowerCase()}`;
  const bucket = state.buckets[key] ?? { tokens: limit.capacity, at: now };
  const refill = (Math.max(0, now - bucket.at) / 1000) * limit.refillPerSecond;
  const tokens = Math.min(limit.capacity, bucket.tokens + refill);
  const left = tokens >= 1 ? tokens - 1 : undefined;
  state.buckets[key] = { tokens: left ?? tokens, at: now };
  return left === undefined ? undefined : Math.floor(left);
}
