import { afterEach, expect, test, vi } from "vitest";
import { Deadline } from "../../src/reconcile/deadline.ts";
import { type Lane, Slots } from "../../src/reconcile/slots.ts";
import { VirtualClock } from "../support/virtualClock.ts";

afterEach(() => vi.useRealTimers());

const clock = new VirtualClock("2026-01-01T00:00:00Z");
const until = new Deadline(clock, 3_600_000);

/** Asks for slots in this order, and tells who has one. */
function queue(slots: Slots, asked: readonly (readonly [lane: Lane, group: string])[]) {
  const admitted: number[] = [];
  for (const [n, [lane, group]] of asked.entries())
    void slots.acquire(lane, group, until).then(() => admitted.push(n));
  return admitted;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("the timer leaves a quarter of the slots to calls, which wait for none of its runtimes", async () => {
  const slots = new Slots(8);
  const timer = queue(slots, Array(20).fill(["timer", "a"]));
  const calls = queue(slots, [
    ["call", "a"],
    ["call", "a"],
    ["call", "a"],
  ]);
  await settled();
  expect([timer.length, calls.length]).toEqual([6, 2]);
});

test("calls leave a quarter to the timer", async () => {
  const slots = new Slots(8);
  const calls = queue(slots, Array(20).fill(["call", "a"]));
  const timer = queue(slots, Array(20).fill(["timer", "a"]));
  await settled();
  expect([calls.length, timer.length]).toEqual([6, 2]);
});

test("with a single one, the timer and a call have one each", async () => {
  const slots = new Slots(1);
  const admitted = queue(slots, [
    ["timer", "a"],
    ["timer", "a"],
    ["call", "a"],
    ["call", "a"],
  ]);
  await settled();
  expect(admitted).toEqual([0, 2]);
});

test("a compromise has the next slot, whoever waited before", async () => {
  const slots = new Slots(4);
  const admitted = queue(slots, [
    ["timer", "a"],
    ["timer", "a"],
    ["timer", "a"],
    ["call", "a"],
    ["call", "a"],
    ["timer", "a"],
    ["compromised", "a"],
  ]);
  await settled();
  expect(admitted).toEqual([0, 1, 2, 3]);
  slots.release("call", "a");
  await settled();
  expect(admitted).toEqual([0, 1, 2, 3, 6]);
});

test("a vault that answers slowly holds up its own runtimes, not those of another that come after them", async () => {
  const slots = new Slots(4);
  const slow = queue(slots, Array(50).fill(["timer", "slow"]));
  const sound: number[] = [];
  for (let n = 0; n < 10; n += 1) {
    void slots.acquire("timer", "sound", until).then(() => {
      sound.push(n);
      slots.release("timer", "sound");
    });
  }
  await settled();
  expect([slow.length, sound]).toEqual([3, []]);
  // One of the slow ones is given up, and all that is sound is done before the next of them begins.
  slots.release("timer", "slow");
  await settled();
  expect(sound).toHaveLength(10);
  expect(slow).toHaveLength(4);
});

test("who waits longer than its run may begin anything is sent away, and leaves the slot to the next", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const slots = new Slots(1);
  const soon = new Deadline(clock, 95_000);
  await slots.acquire("call", "a", until);
  const first = slots.acquire("call", "a", soon);
  const second = slots.acquire("call", "a", until);
  clock.advance(94_999);
  vi.advanceTimersByTime(1000);
  clock.advance(1);
  vi.advanceTimersByTime(1000);
  expect(await first).toBe(false);
  expect(await slots.acquire("call", "a", soon)).toBe(false);
  slots.release("call", "a");
  expect(await second).toBe(true);
});
