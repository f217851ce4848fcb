/** Reads how every runtime stands, by a dry run of the next tick. */
import type { Clock } from "../clock.ts";
import type { Config } from "../config/config.ts";
import { Deadline } from "../reconcile/deadline.ts";
import { discover } from "../reconcile/discover.ts";
import type { Pace } from "../reconcile/pace.ts";
import { readVersions } from "../reconcile/readVersions.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { type FleetStatus, fleetStatus } from "../report/fleetStatus.ts";
import type { Services } from "../services.ts";
import { RUN_MS } from "../timeLimits.ts";

export async function readFleet(
  config: Config,
  services: Services,
  clock: Clock,
  pace: Pace,
  withHistory = false,
): Promise<FleetStatus> {
  const found = await discover(config, services, clock, pace, "call");
  const tick = { kind: "timer", ...found, named: false, dryRun: true, forStatus: true } as const;
  const options = { clock, pace, soakMs: config.soak.ms };
  const inTime = new Deadline(clock, RUN_MS.status.endWithinMs - found.discoveryMs);
  const [result, versions] = await Promise.all([
    reconcile(tick, services, options),
    withHistory ? readVersions(found.runtimes, services, pace.slots.count, inTime) : undefined,
  ]);
  return fleetStatus(result, versions, clock.wall());
}
