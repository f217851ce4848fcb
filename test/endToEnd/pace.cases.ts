import { expect, test } from "vitest";
import { runtimeId, SUBSCRIPTION } from "../support/service.ts";
import { ALPHA } from "../support/useService.ts";
import { given } from "./given.ts";

const many = (count: number) => Array.from({ length: count }, (_, n) => runtimeId(`ir-${n}`));

test("a tick over more runtimes than a subscription answers at once is refused nothing, and a call waits for none of them", async () => {
  const { azure, adopted, minted } = given();
  const runtimes = [...many(240), ALPHA];
  for (const id of many(240)) azure.addRuntime(id);
  const service = await adopted(3 * 24, runtimes);
  azure.clock.resume();
  // One of the last ones keeps the tick waiting until the call is answered, however slow the machine is.
  const answered = Promise.withResolvers<void>();
  azure.faults.inject({
    operation: "listAuthKeys",
    resource: runtimes[230]!,
    fault: () => answered.promise,
  });
  let ended = false;
  const tick = service.tick().finally(() => {
    ended = true;
  });
  // Most of what is answered at once is spent.
  await expect.poll(() => azure.calls.filter(isWrite).length, { timeout: 15_000 }).toBeGreaterThan(150);
  const { body } = await service.rotate({ runtimes: [ALPHA] });
  expect([body.runtimes[0].outcome, ended]).toEqual(["rotated", false]);
  answered.resolve();
  const { summary, failure } = await tick;
  expect([summary.kept, failure]).toEqual([241, undefined]);
  expect(azure.calls.filter(({ status }) => status === 429)).toEqual([]);
  expect(minted()).toEqual([1, 2]);
});

test("a subscription that refuses for a while holds up the next of its own runtimes, and no other subscription", async () => {
  const { azure, adopted } = given();
  const another = (id: string) => id.replace(SUBSCRIPTION, "22222222-2222-2222-2222-222222222222");
  const own = many(6);
  const others = many(6).map((id) => another(id).replaceAll("contoso", "fabrikam"));
  for (const id of [...own, ...others]) azure.addRuntime(id);
  const service = await adopted(24, [...own, ...others]);
  const fault = { status: 429, headers: { "retry-after": "2" } };
  azure.faults.inject({ operation: "listAuthKeys", resource: own[0]!, fault });
  const began = performance.now();
  const { summary } = await service.tick();
  expect(performance.now() - began).toBeGreaterThan(2000);
  expect(summary.kept).toBe(12);
  const order = azure.calls
    .filter(isWrite)
    .map(({ resource }) => (resource.includes("contoso") ? "own" : "other"));
  // The first of each is asked alone; the one that was refused is asked again when the others are done.
  expect(order.slice(0, 8).filter((whose) => whose === "other")).toHaveLength(6);
});

function isWrite({ operation }: { operation: string }): boolean {
  return operation === "listAuthKeys" || operation === "regenerateAuthKey";
}
