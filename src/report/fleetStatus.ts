/** How every runtime stands, as GET /api/status reports it. */
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import { secretUrl } from "../config/urls.ts";
import type { ScopeProblem } from "../plan/runRequest.ts";
import type { Reason, RuntimeOutcome } from "../reconcile/outcome.ts";
import type { RunResult } from "../reconcile/reconcile.ts";
import { type KeyName, otherKey, type SecretVersionProperties } from "../services.ts";
import { historyOf, type VersionReport } from "./history.ts";
import { instantOrNull } from "./instantOrNull.ts";
import { type NodeReport, nodeReports } from "./nodeReport.ts";

type State =
  | "healthy"
  | "due"
  | "unpublished"
  | "unfinished"
  | "drifted"
  | "nodes-lost"
  | "blocked"
  | "unreadable";

/** How one runtime stands. */
export interface RuntimeStatus {
  readonly runtime: string;
  /** What the runtime belongs to and its name, for the page: both are in its id already, so the JSON leaves them out. */
  readonly parent: string;
  readonly name: string;
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
  /** When it was read, in milliseconds since the epoch, by the clock of a vault if one answered. */
  readonly at: number;
}

/**
 * @param result of a dry run of the next tick
 * @param versions of each secret, as far as they could be listed; undefined if nobody asked for them
 * @param now by this machine's clock, in milliseconds since the epoch, which counts only if no vault answered
 */
export function fleetStatus(
  { request, runtimes }: RunResult,
  versions: ReadonlyMap<RuntimeConfig, readonly SecretVersionProperties[]> | undefined,
  now: number,
): FleetStatus {
  const seenAt = runtimes.flatMap((runtime) => runtime.seenAt ?? []);
  return {
    runtimes: runtimes.map((runtime) => statusOf(runtime, versions?.get(runtime.config))),
    compromised: runtimes.flatMap(({ compromised, config }) => (compromised ? config.id.text : [])),
    scopes: request.scopes ?? [],
    at: seenAt.reduce((latest, each) => Math.max(latest, each), 0) || now,
  };
}

function statusOf(
  runtime: RuntimeOutcome,
  versions: readonly SecretVersionProperties[] | undefined,
): RuntimeStatus {
  const { config, reason, message, publishedKey, publishedAt } = runtime;
  return {
    runtime: config.id.text,
    parent: config.id.parent,
    name: config.id.name,
    secret: secretUrl(config),
    state: statusStateOf(runtime),
    reason,
    message,
    publishedKey: publishedKey ?? null,
    nextKey: publishedKey === undefined ? null : otherKey(publishedKey),
    publishedAt: instantOrNull(publishedAt),
    dueAt: instantOrNull(runtime.dueAt),
    expiresAt: instantOrNull(runtime.expiresAt),
    nodes: nodeReports(runtime.nodes, publishedAt),
    history: versions ? historyOf(versions, config, runtime.version) : null,
  };
}

/** By the check that decides; a failed read wins over every check. */
function statusStateOf({ decision }: RuntimeOutcome): State {
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
