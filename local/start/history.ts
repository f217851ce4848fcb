/** What came before `npm start`: forty days, played by the built app, after which the fleet shows every state. */
import type { LocalAzure } from "../azure/index.ts";
import { regenerateAuthKey } from "../azure/model/dataFactory.ts";
import { type Host, startHost } from "../host/index.ts";
import { breakLease } from "../lease.ts";
import { playNodeScript } from "../nodes.ts";
import type { LocalRuntime } from "../view.ts";
import { fleet, settingsOf, VAULT } from "./fleet.ts";

const DAY = 86_400_000;

/** Puts the fleet in place. When it returns, the local Azure has the time of day. */
export async function playHistory(azure: LocalAzure, folder: string): Promise<void> {
  const { berlin, hamburg, porto, madrid, tallinn, lisbon, vienna, riga, oslo, cadiz, turin, shared } = fleet;
  const app = await startHost({ folder, settings: settingsOf(azure) });
  const at = (daysAgo: number) => azure.clock.advance(Date.now() - daysAgo * DAY - azure.clock.now());
  try {
    at(40);
    azure.addVault(VAULT);
    // Whoever installed the nodes of these two copied a template that hands out authKey1, and nothing was put on them.
    for (const runtime of [hamburg, porto]) install(azure, runtime);
    await app.run("rotateOnSchedule");

    at(37);
    await rotate(app, hamburg);
    at(36);
    await rotate(app, porto);

    at(31);
    for (const runtime of [berlin, madrid, tallinn, lisbon, vienna, riga, cadiz, turin])
      install(azure, runtime);
    azure.addRuntime(shared.id, { kind: "linked", linkedTo: berlin.id });
    await app.run("rotateOnSchedule");
    disable(azure, cadiz);
    azure.deny("Microsoft.KeyVault/vaults/secrets/getSecret/action", `${VAULT}/secrets/${turin.secretName}`);

    at(20);
    for (const runtime of [berlin, vienna]) {
      await rotate(app, runtime);
      playNodeScript(azure, runtime);
    }

    // The second rotation of hamburg kills authKey1. porto is due too, and waits.
    at(3);
    await app.run("rotateOnSchedule");

    at(0);
    await app.run("rotateOnSchedule");
    install(azure, oslo);
    regenerateAuthKey(azure.state.dataFactory, vienna.id, "authKey2", azure.clock.now());
    await dieAfterRegenerate(azure, app, riga);
  } finally {
    await app.stop();
  }
}

function install(azure: LocalAzure, { id, name }: LocalRuntime): void {
  azure.addRuntime(id);
  for (const number of [1, 2]) azure.registerNode(id, `${name}-${number}`, azure.liveKeys(id).authKey1);
}

async function rotate(app: Host, { secretName }: LocalRuntime): Promise<void> {
  const response = await fetch(`${app.url}/api/rotate`, {
    method: "POST",
    headers: { "x-functions-key": app.keys.function },
    body: JSON.stringify({ runtimes: [secretName] }),
  });
  if (!response.ok) throw new Error(`The rotation of ${secretName} was answered with ${response.status}`);
}

function disable(azure: LocalAzure, { vaultUrl, secretName }: LocalRuntime): void {
  const latest = azure.latestVersion(vaultUrl, secretName);
  if (latest !== undefined) latest.enabled = false;
}

async function dieAfterRegenerate(azure: LocalAzure, app: Host, runtime: LocalRuntime): Promise<void> {
  azure.faults.inject({
    operation: "regenerateAuthKey",
    resource: runtime.id,
    when: "after",
    fault: () => app.kill(),
  });
  // The connection breaks with the process.
  await rotate(app, runtime).catch(() => {});
  await breakLease(azure.env.AzureWebJobsStorage ?? "", runtime);
}
