import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Clock } from "../../../local/azure/model/clock.ts";

const DAY = 86_400_000;
const NOON = Date.parse("2027-01-01T12:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOON });
});
afterEach(() => {
  vi.useRealTimers();
});

test("it runs with real time, and on from wherever it is moved", () => {
  const clock = new Clock();
  expect(clock.now()).toBe(NOON);
  clock.advance(90 * DAY);
  clock.advance(-10 * DAY);
  vi.setSystemTime(NOON + 5);
  expect(clock.now()).toBe(NOON + 80 * DAY + 5);
  clock.reset();
  expect(clock.now()).toBe(NOON + 5);
});

test("a stopped clock moves only by hand", () => {
  const clock = new Clock();
  clock.stop(1_000);
  vi.setSystemTime(NOON + 5);
  expect(clock.now()).toBe(1_000);
  clock.advance(DAY);
  expect(clock.now()).toBe(1_000 + DAY);
  clock.resume();
  expect(clock.now()).toBe(1_000 + DAY);
  vi.setSystemTime(NOON + 6);
  expect(clock.now()).toBe(1_001 + DAY);
});
