import type { LocalAzure } from "../../../local/azure/index.ts";
import { connect } from "../../../src/azure/connect.ts";
import { systemClock } from "../../../src/clock.ts";
import { readConfig } from "../../../src/config/config.ts";
import { Pace } from "../../../src/reconcile/pace.ts";
import { startBoundlessAzure, trustedAuthority } from "../../support/boundlessAzure.ts";
import { type Leases, leasesOf } from "../../support/leases.ts";
import { configOf, VAULT_URL } from "../../support/runtime.ts";
import { unmetered } from "../../support/unmetered.ts";
import { type AppProcess, startApp } from "../shared/appProcess.ts";
import { type RequestKind, readFleet, run, textOf } from "../shared/run.ts";
import { settingsOf } from "./subject.ts";

/** What one run of the app comes to, and everything that it let out. */
export interface Run {
  readonly outcome: string;
  readonly reason: string;
  /** Left out where only a process of its own knows. */
  readonly regenerates?: readonly string[];
  readonly text: string;
}

/** A local Azure and the app that works on it. */
export interface Stage {
  readonly azure: LocalAzure;
  readonly leases: Leases;
  /** Starts a process of the built app that works on these. */
  start(...ids: readonly string[]): Promise<AppProcess>;
  run(id: string, request: RequestKind): Promise<Run>;
  /** What `GET /api/status` tells of it. */
  statusOf(id: string): Promise<string>;
}

/**
 * With the real SDKs in this process, which must trust the authority already.
 * @param folder of the built app
 */
export async function startStage(folder: string): Promise<Stage> {
  const azure = await startBoundlessAzure({ authority: trustedAuthority() });
  const { AzureWebJobsStorage: storage = "", ...env } = azure.env;
  Object.assign(process.env, env);
  azure.addVault(VAULT_URL);
  const config = readConfig(settingsOf("none"));
  const services = connect(config, unmetered);
  return {
    azure,
    leases: leasesOf(storage),
    start: (...ids) => startApp(folder, { ...env, ...settingsOf(...ids) }),
    async run(id, request) {
      const result = await run({ request, runtimes: [configOf(id)] }, services, systemClock);
      const { outcome, reason, regenerates } = result.runtimes[0]!;
      return { outcome, reason, regenerates, text: textOf(result) };
    },
    async statusOf(id) {
      const asked = { ...config, runtimes: [configOf(id)] };
      return JSON.stringify(await readFleet(asked, services, systemClock, new Pace(systemClock, 8)));
    },
  };
}
