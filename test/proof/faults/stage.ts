import type { LocalAzure } from "../../../local/azure/index.ts";
import { connect } from "../../../src/azure/connect.ts";
import { systemClock } from "../../../src/clock.ts";
import { readConfig } from "../../../src/config/config.ts";
import type { RequestKind } from "../../../src/plan/runRequest.ts";
import type { RuntimeOutcome } from "../../../src/reconcile/outcome.ts";
import { reconcile } from "../../../src/reconcile/reconcile.ts";
import { httpAnswer } from "../../../src/report/report.ts";
import { runtimeStatus } from "../../../src/report/runtimeStatus.ts";
import { startBoundlessAzure } from "../../support/boundlessAzure.ts";
import { logLines } from "../../support/logLines.ts";
import { Leases } from "./leases.ts";
import { armIdOf, secretNameOf, VAULT } from "./scenarios.ts";
import { recordingErrors } from "./secrecy.ts";

/** What one run of the app comes to, and everything that it let out. */
export interface Run {
  readonly outcome: Pick<RuntimeOutcome, "outcome" | "reason" | "message" | "durationMs" | "regenerates">;
  readonly texts: readonly string[];
}

/** A local Azure with storage that can fail, and the real SDKs connected to it. */
export interface Stage {
  readonly azure: LocalAzure;
  readonly leases: Leases;
  run(id: string, request: RequestKind): Promise<Run>;
  /** What `GET /api/status` tells of it. */
  statusOf(id: string): Promise<string>;
  stop(): Promise<void>;
}

/** The process must trust the authority already: `NODE_EXTRA_CA_CERTS` is read when it starts. */
export async function startStage(authority: { keyPath: string; certPath: string }): Promise<Stage> {
  const azure = await startBoundlessAzure({ authority });
  Object.assign(process.env, azure.env);
  azure.addVault(VAULT);
  const leases = new Leases();
  await leases.start(azure.env.AzureWebJobsStorage ?? "");

  const configOf = (id: string) => readConfig(settingsOf(id, leases.connectionString));
  const texts = new Map<string, string[]>();
  const services = (id: string) =>
    recordingErrors(connected, (text) => texts.set(id, [...(texts.get(id) ?? []), text]));
  const connected = connect(configOf("none"));
  return {
    azure,
    leases,
    run: async (id, request) => {
      texts.set(id, []);
      const run = await runOnce(configOf(id), services(id), request);
      return { ...run, texts: [...run.texts, ...(texts.get(id) ?? [])] };
    },
    statusOf: async (id) => JSON.stringify(await runtimeStatus(configOf(id), services(id), systemClock)),
    stop: async () => {
      await Promise.all([azure.stop(), leases.stop()]);
    },
  };
}

export function settingsOf(id: string, storage: string): Record<string, string> {
  return {
    RUNTIMES: JSON.stringify([{ id: armIdOf(id), secretName: secretNameOf(id) }]),
    KEY_VAULT_URL: `https://${VAULT}`,
    OVERLAP: "P1D",
    AzureWebJobsStorage: storage,
  };
}

/** One run on one runtime as the functions do it, with the texts that they would log and answer. */
export async function runOnce(
  { runtimes }: Pick<ReturnType<typeof readConfig>, "runtimes">,
  services: Parameters<typeof reconcile>[1],
  kind: RequestKind,
): Promise<Run> {
  const asked = { kind, runtimes, named: kind !== "timer", dryRun: false };
  const result = await reconcile(asked, services, { clock: systemClock, concurrency: 1, soakMs: 72_000_000 });
  const [outcome] = result.runtimes;
  if (outcome === undefined) throw new Error("a run has an outcome for every runtime");
  return {
    outcome,
    texts: [...logLines(result).map(({ text }) => text), JSON.stringify(httpAnswer(result))],
  };
}
