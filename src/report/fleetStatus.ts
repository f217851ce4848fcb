/** How every runtime stands, as GET /api/status tells it. */
import type { Clock } from "../clock.ts";
import type { Config } from "../config/config.ts";
import { secretUrl } from "../config/urls.ts";
import type { ScopeProblem } from "../plan/runRequest.ts";
import { instant } from "../plan/schedule.ts";
import { Deadline } from "../reconcile/deadline.ts";
import { discover } from "../reconcile/discover.ts";
import type { Reason, RuntimeOutcome } from "../reconcile/outcome.ts";
import type { Pace } from "../reconcile/pace.ts";
import { readVersions } from "../reconcile/readVersions.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { type KeyName, otherKey, type SecretVersionProperties, type Services } from "../services.ts";
import { RUN_MS } from "../timeLimits.ts";
import { historyOf, type VersionReport } from "./history.ts";
import { type NodeReport, nodeReports } from "./nodeReport.ts";

export type State =
  | "healthy"
  | "due"
  | "unpublished"
  | "unfinished"
  | "drifted"
  | "nodes-lost"
  | "blocked"
  | "unreadable";

export interface RuntimeStatus {
  readonly runtime: string;
  readonly secret: string;
  readonly state: State;
  readonly reason: Reason;
  readonly message: string;
  readonly publishedKey: KeyName | null;
  /** The key that the next rotation regenerates. */
  readonly nextKey: KeyName | null;
  readonly publishedAt: string | null;
  readonly dueAt: string | null;
  readonly expiresAt: string | null;
  readonly nodes: readonly NodeReport[] | null;
  /** The versions of its secret, newest first; null if nobody asked for them, or if they could not be listed. */
  readonly history: readonly VersionReport[] | null;
}

/** A reading of the whole fleet. */
export interface FleetStatus {
  readonly runtimes: readonly RuntimeStatus[];
  /** ARM ids of the runtimes whose secret holds a declared compromise that is not carried out. */
  readonly compromised: readonly string[];
  /** Problems with the scopes of patterns. */
  readonly scopes: readonly ScopeProblem[];
  /** When it was read, in milliseconds since the epoch, by the vault's clock where it answered. */
  readonly at: number;
}

/** How every runtime stands, told by what the next tick would do, and on request what became of it. Reads only. */
export async function fleetStatus(
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
  const seenAt = result.runtimes.flatMap((runtime) => runtime.seenAt ?? []);
  return {
    runtimes: result.runtimes.map((runtime) => statusOf(runtime, versions?.get(runtime.config))),
    compromised: result.runtimes.flatMap(({ compromised, config }) => (compromised ? config.id.text : [])),
    scopes: found.scopes,
    at: seenAt.reduce((latest, each) => Math.max(latest, each), 0) || clock.wall(),
  };
}

function statusOf(
  runtime: RuntimeOutcome,
  versions: readonly SecretVersionProperties[] | undefined,
): RuntimeStatus {
  const { config, reason, message, publishedKey, publishedAt } = runtime;
  return {
    runtime: config.id.text,
    secret: secretUrl(config),
    state: stateOf(runtime),
    reason,
    message,
    publishedKey: publishedKey ?? null,
    nextKey: publishedKey === undefined ? null : otherKey(publishedKey),
    publishedAt: timeOf(publishedAt),
    dueAt: timeOf(runtime.dueAt),
    expiresAt: timeOf(runtime.expiresAt),
    nodes: nodeReports(runtime.nodes, publishedAt),
    history: versions ? historyOf(versions, config, runtime.version) : null,
  };
}

function timeOf(ms: number | undefined): string | null {
  return ms === undefined ? null : instant(ms);
}

/** By the check that decides; a failed read wins over every check. */
function stateOf({ decision }: RuntimeOutcome): State {
  if (decision === undefined) return "unreadable";
  switch (decision.action) {
    case "block":
      return decision.reason === "nodes-lost" ? "nodes-lost" : "blocked";
    case "keep":
      return isWaiting(decision.reason) ? "due" : "healthy";
    case "revoke":
    case "clearIntent":
      return "unfinished";
    case "rotate":
      return decision.reason === "compromised" ? "unfinished" : "due";
    case "publish":
      return (
        { "first-contact": "unpublished", "unfinished-rotation": "unfinished", drift: "drifted" } as const
      )[decision.reason];
  }
}

function isWaiting(reason: string): boolean {
  return reason === "rollout" || reason === "braked" || reason === "paused";
}
