import { beforeEach, expect, test } from "vitest";
import { type Reading, sharedReading } from "../../src/functions/sharedReading.ts";
import { VirtualClock } from "../support/virtualClock.ts";

let clock: VirtualClock;
let reads: { resolve(value: string): void; reject(error: Error): void }[];
let ask: () => Promise<Reading<string>>;

beforeEach(() => {
  clock = new VirtualClock("2027-01-01T00:00:00Z");
  reads = [];
  const read = () => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    reads.push({ resolve, reject });
    return promise;
  };
  ask = sharedReading(read, clock, 60_000);
});

test("whoever asks within the minute is shown the same, and how old it is", async () => {
  const first = ask();
  reads[0]?.resolve("one");
  expect(await first).toEqual({ value: "one", ageMs: 0 });
  clock.advance(60_000);
  expect(await ask()).toEqual({ value: "one", ageMs: 60_000 });
  clock.advance(1);
  const second = ask();
  reads[1]?.resolve("two");
  expect(await second).toEqual({ value: "two", ageMs: 0 });
});

test("all who ask while it is read wait for the same reading, however long that takes", async () => {
  const first = ask();
  clock.advance(90_000);
  const second = ask();
  expect(reads).toHaveLength(1);
  reads[0]?.resolve("one");
  expect([await first, await second]).toEqual(Array(2).fill({ value: "one", ageMs: 90_000 }));
  void ask();
  expect(reads).toHaveLength(2);
});

test("a clock that is set back does not keep it for longer", async () => {
  void ask();
  reads[0]?.resolve("one");
  await ask();
  clock.jump(-3_600_000);
  clock.advance(60_001);
  void ask();
  expect(reads).toHaveLength(2);
});

test("a reading that failed is told to all who waited, and not kept", async () => {
  const waiting = [ask(), ask()];
  reads[0]?.reject(new Error("unforeseen"));
  for (const each of waiting) await expect(each).rejects.toThrow("unforeseen");
  const next = ask();
  reads[1]?.resolve("two");
  expect((await next).value).toBe("two");
});
