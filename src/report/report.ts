/** What a run reports: its log lines, the answer to a call, and why a timer's invocation fails. */
import { secretUrl } from "../config/urls.ts";
import { type RunRequest, type ScopeProblem, triggerOf } from "../plan/runRequest.ts";
import type { Outcome, Reason, RuntimeOutcome } from "../reconcile/outcome.ts";
import type { RunResult } from "../reconcile/reconcile.ts";
import { nodeReports } from "./nodeReport.ts";

export interface LogLine {
  readonly level: "information" | "warning" | "error";
  readonly text: string;
}

/** The line of one runtime; undefined if it was simply kept. */
export function runtimeLine(runtime: RuntimeOutcome, request: RunRequest): LogLine | undefined {
  if (runtime.outcome === "kept") return undefined;
  const { reason, durationMs } = runtime;
  const isCompromised = request.kind === "compromised" || runtime.compromised;
  return {
    level: levelOf(runtime, isCompromised),
    text: JSON.stringify({
      event: "rotation.runtime",
      ...startOfLine(request),
      ...namesOf(runtime),
      outcome: outcomeName(runtime.outcome, request),
      reason,
      message: messageOf(runtime, request),
      ...(isCompromised ? { compromised: true } : {}),
      durationMs,
    }),
  };
}

/** The line of a pattern's scope: it could not be listed, or one of its exceptions matches nothing. */
export function scopeLine({ scope, outcome, reason, message }: ScopeProblem, request: RunRequest): LogLine {
  return {
    level: outcome === "failed" ? "error" : "warning",
    text: JSON.stringify({
      event: "rotation.discovery",
      ...startOfLine(request),
      scope,
      outcome,
      reason,
      message,
    }),
  };
}

/** The line of the whole run, written always: an alert looks for its absence. */
export function runLine({ request, runtimes, durationMs }: RunResult): LogLine {
  const summary = summaryOf(runtimes);
  const waiting = waitingIn(runtimes);
  return {
    level: "information",
    text: JSON.stringify({ event: "rotation.run", ...startOfLine(request), summary, waiting, durationMs }),
  };
}

/** Body, status and headers of the answer to `POST /api/rotate`. */
export function httpAnswer({ request, runtimes, repeatAfterMs }: RunResult) {
  const failed = failedScopes(request);
  const scopes = failed.map(({ scope, reason, message }) => ({ scope, reason, message }));
  const deferred = runtimes.some(({ outcome }) => outcome === "deferred");
  return {
    status: statusCode([...runtimes, ...failed]),
    headers: deferred ? { "Retry-After": String(Math.ceil(repeatAfterMs / 1000)) } : {},
    jsonBody: {
      dryRun: request.dryRun,
      summary: summaryOf(runtimes),
      runtimes: runtimes.map((runtime) => ({
        ...namesOf(runtime),
        outcome: outcomeName(runtime.outcome, request),
        reason: runtime.reason,
        message: messageOf(runtime, request),
        publishedKey: runtime.publishedKey ?? null,
        version: runtime.version ?? null,
        regenerates: runtime.regenerates,
        nodes: nodeReports(runtime.nodes, runtime.publishedAt),
      })),
      ...(scopes.length > 0 ? { scopes } : {}),
    },
  };
}

/** Why the timer's invocation fails: every runtime that needs attention; undefined if none does. */
export function failureOf({ request, runtimes }: RunResult): string | undefined {
  const bad = runtimes.filter(({ outcome }) => outcome === "failed" || outcome === "blocked");
  const unlisted = failedScopes(request).map(
    ({ scope, reason, message }) => `${scope}: failed, ${reason}: ${message}`,
  );
  if (bad.length + unlisted.length === 0) return undefined;
  const lines = bad.map(
    (runtime) => `${runtime.config.id.text}: ${runtime.outcome}, ${runtime.reason}: ${runtime.message}`,
  );
  const scopes = unlisted.length > 0 ? [`${unlisted.length} scopes could not be listed`] : [];
  const counts = [...scopes, `${bad.length} of ${runtimes.length} runtimes need attention`].join(", ");
  return [counts, ...unlisted, ...lines].join("\n");
}

/** Each counts like a failed runtime. */
function failedScopes({ scopes = [] }: RunRequest) {
  return scopes.flatMap((scope) =>
    scope.outcome === "failed" ? [{ ...scope, outcome: scope.outcome }] : [],
  );
}

function startOfLine(request: RunRequest) {
  const { caller, dryRun } = request;
  return {
    trigger: triggerOf(request),
    ...(dryRun ? { dryRun } : {}),
    ...(caller === undefined ? {} : { caller }),
  };
}

function namesOf({ config }: RuntimeOutcome) {
  return { runtime: config.id.text, secret: secretUrl(config) };
}

function summaryOf(runtimes: readonly RuntimeOutcome[]): Readonly<Record<Outcome, number>> {
  const summary = { rotated: 0, published: 0, kept: 0, deferred: 0, blocked: 0, failed: 0 };
  for (const { outcome } of runtimes) summary[outcome] += 1;
  return summary;
}

/** How many rotations are due, by what they wait for. */
function waitingIn(runtimes: readonly RuntimeOutcome[]): Readonly<Record<string, number>> {
  const count = (reason: Reason) => runtimes.filter((runtime) => runtime.reason === reason).length;
  return { rollout: count("rollout"), braked: count("braked"), paused: count("paused") };
}

function messageOf({ outcome, message }: RuntimeOutcome, { dryRun }: RunRequest): string {
  const isForecast = dryRun && (outcome === "rotated" || outcome === "published");
  return isForecast ? `not done, this is a dry run: ${message}` : message;
}

function statusCode(all: readonly Pick<RuntimeOutcome, "outcome">[]): number {
  const every = (...outcomes: readonly Outcome[]) => all.every(({ outcome }) => outcomes.includes(outcome));
  if (every("rotated", "published", "kept")) return 200;
  if (every("deferred", "blocked")) return 409;
  return every("failed") ? 502 : 207;
}

function levelOf({ outcome }: RuntimeOutcome, isCompromised: boolean): LogLine["level"] {
  if (outcome === "failed") return "error";
  return outcome === "blocked" || isCompromised ? "warning" : "information";
}

function outcomeName(outcome: Outcome, { dryRun }: RunRequest): string {
  if (dryRun && outcome === "rotated") return "would-rotate";
  return dryRun && outcome === "published" ? "would-publish" : outcome;
}
