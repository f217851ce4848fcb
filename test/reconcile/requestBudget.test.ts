import pLimit from "p-limit";
import { expect, test } from "vitest";
import { createBudgetState, spend } from "../../local/azure/model/budgets.ts";
import { Deadline } from "../../src/reconcile/deadline.ts";
import { RequestBudget } from "../../src/reconcile/requestBudget.ts";
import type { Lane } from "../../src/reconcile/slots.ts";
import { VirtualClock } from "../support/virtualClock.ts";

const HOUR = 3_600_000;

/** A subscription as Azure keeps it, one that tells what is left or one that does not, and the app's own account of it. */
function subscription({ tells = true } = {}) {
  const clock = new VirtualClock("2026-01-01T00:00:00Z");
  const state = createBudgetState();
  const budget = new RequestBudget(clock, { burst: 200, perSecond: 10 });
  let refused = 0;
  const spendOne = () => spend(state, "armWrites", "us", clock.wall());
  const send = () => {
    budget.sent();
    const left = spendOne();
    if (left === undefined) refused += 1;
    budget.answered({
      remaining: tells ? (left ?? 0) : undefined,
      throttled: left === undefined,
      retryAfterMs: 1000,
    });
  };
  const work = async (
    reserves: number,
    sends: number,
    lane: Lane = "timer",
    until = new Deadline(clock, HOUR),
  ) => {
    const reserved = await budget.reserve(reserves, lane, 1, until);
    for (let n = 0; reserved > 0 && n < sends; n += 1) send();
    if (reserved > 0) budget.release(reserved, lane);
    return { reserved, at: clock.monotonic() };
  };
  return { clock, budget, work, spendOne, refused: () => refused };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));

test.for([true, false])(
  "a thousand looks take what the service's own bucket takes and are never refused, whether it tells what is left: %s",
  async (tells) => {
    const { clock, work, refused } = subscription({ tells });
    await Promise.all(times(1000, () => work(2, 1)));
    expect(refused()).toBe(0);
    // (1000 − 200) ÷ 10 s, and one for the ten that are never spent.
    expect(clock.monotonic()).toBeGreaterThanOrEqual(80_000);
    expect(clock.monotonic()).toBeLessThanOrEqual(82_000);
  },
);

test("9,800 runtimes of one subscription are looked at within the 20 minutes that a tick has for it, as docs/fleets.md says", async () => {
  const { clock, work, refused } = subscription();
  // Of a month, each has its nodes looked at for the seven days after its rotation.
  await pLimit(16).map(
    times(9800, (n) => n),
    (n) => work(2, n % 30 < 7 ? 2 : 1),
  );
  expect(refused()).toBe(0);
  expect(clock.monotonic()).toBeLessThan(20 * 60_000);
});

test("what was set aside and not spent is there for the next", async () => {
  const { clock, work, refused } = subscription();
  await Promise.all(times(300, () => work(6, 3)));
  expect(refused()).toBe(0);
  expect(clock.monotonic()).toBeLessThanOrEqual(1.05 * 70_000 + 3000);
});

test("where others spend the same budget, what the service says is left counts, and nothing is refused", async () => {
  const { clock, work, spendOne, refused } = subscription();
  // Others take half of what is refilled.
  const others = (async () => {
    for (let n = 0; n < 1000; n += 1) {
      await Promise.resolve();
      if (clock.monotonic() > n * 200) spendOne();
    }
  })();
  await Promise.all([others, ...times(400, () => work(2, 1))]);
  expect(refused()).toBe(0);
});

test("a budget that was spent before this process began is learnt by one request, not by many", async () => {
  const { work, spendOne, refused, clock } = subscription({ tells: false });
  while (spendOne() !== undefined) {}
  await Promise.all(times(50, () => work(2, 1)));
  expect(refused()).toBeLessThanOrEqual(1);
  expect(clock.monotonic()).toBeLessThanOrEqual(8000);
});

test("after a refusal nothing begins until the service wants more again", async () => {
  const { clock, budget, work } = subscription();
  await work(2, 1);
  budget.answered({ remaining: undefined, throttled: true, retryAfterMs: 128_000 });
  expect(budget.readyInMs(1)).toBe(128_000);
  expect((await work(2, 1)).at).toBeGreaterThanOrEqual(128_000);
  expect(clock.monotonic()).toBeLessThan(129_000);
});

test("who waits longer than its run may begin anything is sent away with nothing", async () => {
  const { clock, budget, work } = subscription();
  await work(2, 1);
  budget.answered({ remaining: undefined, throttled: true, retryAfterMs: 600_000 });
  expect(await work(2, 1, "call", new Deadline(clock, 95_000))).toEqual({ reserved: 0, at: 95_000 });
});

test("who comes when its time is over is sent away at once: a large fleet is not dismissed a few at a time", async () => {
  const { clock, budget, work } = subscription();
  await work(2, 1);
  budget.answered({ remaining: undefined, throttled: true, retryAfterMs: 600_000 });
  const over = new Deadline(clock, 0);
  for (let n = 0; n < 10; n += 1) expect((await work(2, 1, "call", over)).reserved).toBe(0);
  expect(clock.monotonic()).toBe(0);
});

test("a compromise goes first, and calls and the timer take turns by what they are given", async () => {
  const { budget, work } = subscription();
  await work(2, 1);
  budget.answered({ remaining: 10, throttled: false, retryAfterMs: undefined });
  const order: string[] = [];
  const asked = (lane: Lane, reserves: number) =>
    work(reserves, 1, lane).then(() => void order.push(`${lane} ${reserves}`));
  await Promise.all([
    ...times(12, () => asked("timer", 2)),
    ...times(2, () => asked("call", 6)),
    asked("compromised", 6),
  ]);
  // The first came when nobody else waited.
  expect(order.slice(0, 9)).toEqual([
    "timer 2",
    "compromised 6",
    "call 6",
    "timer 2",
    "timer 2",
    "timer 2",
    "call 6",
    "timer 2",
    "timer 2",
  ]);
});

test("in a lane, what is unfinished goes before rotations, and those before looks", async () => {
  const { budget, clock } = subscription();
  const until = new Deadline(clock, HOUR);
  budget.release(await budget.reserve(1, "timer", 2, until), "timer");
  budget.answered({ remaining: 10, throttled: false, retryAfterMs: undefined });
  const order: number[] = [];
  await Promise.all(
    ([2, 2, 1, 0, 1, 0] as const).map(async (urgency) => {
      const reserved = await budget.reserve(2, "timer", urgency, until);
      order.push(urgency);
      budget.release(reserved, "timer");
    }),
  );
  // The first came when nobody else waited.
  expect(order).toEqual([2, 0, 0, 1, 1, 2]);
});

test("until the first answer is there, one at a time is asked for each lane: a call waits for nothing that the timer began", async () => {
  const { budget, clock } = subscription();
  const until = new Deadline(clock, HOUR);
  const begun: Lane[] = [];
  const ask = (lane: Lane) => budget.reserve(2, lane, 1, until).then(() => void begun.push(lane));
  for (const lane of ["timer", "timer", "call", "call", "compromised"] as const) void ask(lane);
  await settled();
  expect(begun).toEqual(["timer", "call", "compromised"]);
  budget.answered({ remaining: 190, throttled: false, retryAfterMs: undefined });
  await settled();
  expect(begun).toHaveLength(5);
});

test.for([Number.POSITIVE_INFINITY, 86_400_000])(
  "a refusal that is to last for very long (%i ms) does not stop a subscription for good",
  async (retryAfterMs) => {
    const { budget } = subscription();
    budget.answered({ remaining: undefined, throttled: true, retryAfterMs });
    expect(budget.readyInMs(1)).toBe(3_600_000);
  },
);

test.for([
  ["timer", "call"],
  ["call", "timer"],
  ["timer", "compromised"],
  ["call", "compromised"],
] as const)("what is set aside for the %s and does not end leaves room for the %s", async ([held, other]) => {
  const { budget, clock } = subscription();
  const until = new Deadline(clock, HOUR);
  budget.answered({ remaining: 200, throttled: false, retryAfterMs: undefined });
  const begun: Lane[] = [];
  const ask = (lane: Lane) => budget.reserve(6, lane, 1, until).then(() => void begun.push(lane));
  for (let n = 0; n < 60; n += 1) void ask(held);
  void ask(other);
  await settled();
  expect(begun.at(-1)).toBe(other);
  // What is given back is there for those that wait.
  const before = begun.length;
  budget.release(6, held);
  await settled();
  expect(begun).toHaveLength(before + 1);
});
