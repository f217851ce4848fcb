import type { LocalAzure } from "../../local/azure/index.ts";
import { leasesOf } from "../support/leases.ts";
import { loadService, runtimeId, VAULT } from "../support/service.ts";

const DAY = 86_400_000;

/**
 * The app over a local Azure through everything that it does: adoption, rotation, a compromise, calls by HTTP, and
 * runtimes that are blocked, failed or deferred, and a compromise that is cut short between its two keys.
 * @returns the log lines that it wrote, and the RBAC actions that its calls needed
 */
export async function fullRun(azure: LocalAzure): Promise<{ lines: string[]; actions: Set<string> }> {
  const [alpha, beta, managed, missing, denied] = [1, 2, 3, 4, 5].map((n) => runtimeId(`ir-${n}`)) as Five;
  azure.clock.stop(Date.UTC(2031, 0, 1));
  azure.addVault(VAULT);
  azure.addRuntime(alpha);
  azure.addRuntime(beta);
  azure.addRuntime(managed, { kind: "managed" });
  azure.addRuntime(denied);
  azure.deny("Microsoft.DataFactory/factories/integrationruntimes/listauthkeys/action", denied);

  // What is in this factory cannot be listed.
  const elsewhere = runtimeId("*", "elsewhere");
  azure.addRuntime(runtimeId("ir-6", "elsewhere"));
  azure.deny(
    "Microsoft.DataFactory/factories/integrationruntimes/read",
    elsewhere.split("/integrationRuntimes")[0],
  );
  const runtimes = [alpha, beta, managed, missing, denied, elsewhere];
  const service = await loadService({
    ...azure.env,
    KEY_VAULT_URL: VAULT,
    OVERLAP: "P1D",
    RUNTIMES: JSON.stringify(runtimes),
  });
  const log = (await service.tick()).log;
  azure.clock.advance(31 * DAY);
  log.push(...(await service.tick()).log);
  azure.clock.advance(2 * DAY);
  const signedIn = { "x-ms-client-principal-name": "ada@contoso.com" };
  log.push(...(await service.rotate({ dryRun: true }, signedIn)).log);
  log.push(...(await service.rotate({ runtimes: [alpha] })).log);
  log.push(...(await service.rotate({ runtimes: [beta], compromised: true })).log);
  azure.clock.advance(DAY);
  azure.faults.inject({ operation: "regenerateAuthKey", resource: beta, attempt: 2, fault: { status: 500 } });
  log.push(...(await service.rotate({ runtimes: [beta], compromised: true })).log);
  azure.clock.advance(31 * DAY);
  await leasesOf(azure.env.AzureWebJobsStorage ?? "").hold(alpha);
  log.push(...(await service.tick()).log);
  await service.status();
  return {
    lines: log.map(({ text }) => text),
    actions: new Set(azure.calls.flatMap(({ action }) => action ?? [])),
  };
}

type Five = [string, string, string, string, string];
