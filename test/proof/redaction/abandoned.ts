/**
 * A process whose runs are left alone in the middle: each stands still at another call, then every connection breaks
 * at once and nobody waits for what becomes of them. An error that nobody catches is printed by Node, whole, and ends
 * the process with a failure.
 */
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { connect } from "../../../src/azure/connect.ts";
import { systemClock } from "../../../src/clock.ts";
import { readConfig } from "../../../src/config/config.ts";
import { reconcile } from "../../../src/reconcile/reconcile.ts";
import { startBoundlessAzure, trustedAuthority } from "../../support/boundlessAzure.ts";
import { isBlob } from "../faults/cells.ts";
import { armIdOf, scenarios, secretNameOf, VAULT } from "../faults/scenarios.ts";
import { startLeaseServer } from "./leaseServer.ts";

const azure = await startBoundlessAzure({
  storage: false,
  authority: trustedAuthority(),
});
const leases = await startLeaseServer();
Object.assign(process.env, azure.env);
azure.addVault(VAULT);

const settings = {
  KEY_VAULT_URL: `https://${VAULT}`,
  OVERLAP: "P1D",
  AzureWebJobsStorage: leases.connectionString,
};
const steps = scenarios.flatMap((scenario) => scenario.steps.map((step) => ({ scenario, step })));
const calls = steps.filter(({ step }) => !isBlob(step) || step.operation === "acquireLease");
const cases = calls.map(({ scenario, step }, index) => ({
  id: `left${String(index).padStart(3, "0")}`,
  scenario,
  step,
}));
const runtimes = cases.map(({ id }) => ({ id: armIdOf(id), secretName: secretNameOf(id) }));
const config = readConfig({ ...settings, RUNTIMES: JSON.stringify(runtimes) });
const services = connect(config);

const standing = cases.map(({ id, scenario, step }) => {
  scenario.prepare(azure, id);
  if (scenario.given) azure.faults.inject({ ...scenario.given, resource: id });
  if (isBlob(step))
    return leases.answer(createHash("sha256").update(armIdOf(id).toLowerCase()).digest("hex"), "stall");
  const { operation, attempt } = step;
  const injected = azure.faults.inject({
    operation: operation as "getSecret",
    resource: id,
    attempt,
    fault: "stall",
  });
  return () => injected.hits;
});
for (const [index, runtime] of config.runtimes.entries()) {
  const kind = cases[index]?.scenario.request ?? "timer";
  const run = { kind, runtimes: [runtime], named: kind !== "timer", dryRun: false };
  void reconcile(run, services, { clock: systemClock, concurrency: 1, soakMs: 72_000_000 });
}
while (standing.some((hits) => hits() === 0)) await delay(20);
process.send?.({ standing: standing.length });
await Promise.all([azure.stop(), leases.stop()]);
process.disconnect?.();
