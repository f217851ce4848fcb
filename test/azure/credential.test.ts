import { afterEach, expect, test, vi } from "vitest";
import { managedIdentity } from "../../src/azure/credential.ts";
import { useLocalAzure } from "../support/localAzure.ts";

const azure = useLocalAzure();

afterEach(() => void vi.useRealTimers());

test("a token that does not come is waited for 10 seconds, though the SDK would wait for good", async () => {
  const stall = azure().faults.inject({ operation: "token", fault: "stall", times: 9 });
  const credential = managedIdentity(undefined);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const settled = vi.fn();
  const token = credential.getToken("https://vault.azure.net/.default").catch((error: unknown) => error);
  void token.then(settled);
  // Not by polling, which would move the time as well.
  while (stall.hits === 0) await new Promise(setImmediate);
  await vi.advanceTimersByTimeAsync(9999);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await token).toMatchObject({
    service: "Managed identity",
    reason: "unavailable",
    message: expect.stringContaining("no answer came in time"),
  });
});
