import { expect, test } from "vitest";
import { connect } from "../../src/azure/connect.ts";
import { readConfig } from "../../src/config/config.ts";
import { discover } from "../../src/reconcile/discover.ts";
import { Pace } from "../../src/reconcile/pace.ts";
import { withRuntimes } from "../config/settings.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { idOf } from "../support/runtime.ts";
import { VirtualClock } from "../support/virtualClock.ts";

const azure = useLocalAzure();
const PATTERN = idOf("*").replace("/contoso/", "/*/");

/** Looks for six runtimes of six factories, where each request takes so long. */
async function discovery(requestMs: number) {
  for (let n = 1; n <= 6; n += 1) azure().addRuntime(idOf("alpha").replace("/contoso/", `/contoso-${n}/`));
  const clock = new VirtualClock("2026-01-01T00:00:00Z");
  const config = readConfig(withRuntimes(PATTERN));
  const services = connect(config, { sent: () => clock.advance(requestMs), answered() {} });
  return await discover(config, services, clock, new Pace(clock, 8), "timer");
}

test("a scope that takes too long is told as not listed whole, and what was found of it is worked on", async () => {
  const { runtimes, scopes } = await discovery(15_000);
  expect(runtimes.map(({ id }) => id.parent)).toEqual(["contoso-1", "contoso-2", "contoso-3"]);
  expect(scopes).toMatchObject([{ scope: PATTERN, outcome: "failed", reason: "unavailable" }]);
  expect(scopes[0]?.message).toContain("60 s");
});

test("how long it took is told, because it counts into the time of the run", async () => {
  const { runtimes, scopes, discoveryMs } = await discovery(8000);
  expect([runtimes.length, scopes, discoveryMs]).toEqual([6, [], 56_000]);
});
