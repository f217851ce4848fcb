import type { LocalAzure } from "../../../local/azure/index.ts";
import { connect } from "../../../src/azure/connect.ts";
import { systemClock } from "../../../src/clock.ts";
import { startBoundlessAzure } from "../../support/boundlessAzure.ts";
import { type RequestKind, run, runtimeStatus, textOf } from "../shared/run.ts";
import { Leases } from "./leases.ts";
import { configOf, VAULT } from "./scenarios.ts";

/** What one run of the app comes to, and everything that it let out. */
export interface Run {
  readonly outcome: string;
  readonly reason: string;
  /** Undefined where the process died before it could say so. */
  readonly regenerates: readonly string[] | undefined;
  readonly text: string;
}

/** A local Azure with storage that can fail, and the app that works on it. */
export interface Stage {
  readonly azure: LocalAzure;
  readonly leases: Leases;
  run(id: string, request: RequestKind): Promise<Run>;
  /** What `GET /api/status` tells of it. */
  statusOf(id: string): Promise<string>;
  stop(): Promise<void>;
}

/** With the real SDKs in this process, which must trust the authority already. */
export async function startStage(authority: { keyPath: string; certPath: string }): Promise<Stage> {
  const azure = await startBoundlessAzure({ authority });
  Object.assign(process.env, azure.env);
  azure.addVault(VAULT);
  const leases = await Leases.start(azure.env.AzureWebJobsStorage ?? "");
  const config = (id: string) => configOf(id, leases.connectionString);
  const services = connect(config("none"));
  return {
    azure,
    leases,
    async run(id, request) {
      const asked = { request, runtimes: config(id).runtimes };
      const result = await run(asked, services, systemClock);
      const { outcome, reason, regenerates } = result.runtimes[0]!;
      return { outcome, reason, regenerates, text: textOf(result) };
    },
    statusOf: async (id) => JSON.stringify(await runtimeStatus(config(id), services, systemClock)),
    stop: async () => {
      await Promise.all([azure.stop(), leases.stop()]);
    },
  };
}
