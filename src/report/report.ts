import type { Outcome, RuntimeOutcome } from "../reconcile/outcome.ts";
import type { RunResult, Trigger } from "../reconcile/reconcile.ts";

/** What was asked for, as far as it shows in what is reported. */
export interface Asked {
  readonly trigger: Trigger;
  readonly dryRun: boolean;
  readonly compromised: boolean;
}

type Summary = Readonly<Record<Outcome, number>>;

export interface LogLine {
  readonly level: "information" | "warning" | "error";
  readonly text: string;
}

/** Seconds after which a deferred call is worth repeating: a lease that nobody renews is over by then. */
const REPEAT_AFTER_SECONDS = 60;

function summaryOf(runtimes: readonly RuntimeOutcome[]): Summary {
  const summary = { rotated: 0, published: 0, kept: 0, deferred: 0, blocked: 0, failed: 0 };
  for (const { outcome } of runtimes) summary[outcome] += 1;
  return summary;
}

/** One line for each runtime that was not simply kept, and always one for the run: its absence is what an alert looks for. */
export function logLines({ runtimes, durationMs }: RunResult, asked: Asked): readonly LogLine[] {
  const { trigger } = asked;
  const dryRun = asked.dryRun ? { dryRun: true } : {};
  const lines = runtimes
    .filter(({ outcome }) => outcome !== "kept")
    .map((runtime) => ({
      level: levelOf(runtime, asked),
      text: JSON.stringify({
        event: "rotation.runtime",
        trigger,
        ...dryRun,
        runtime: runtime.config.id.text,
        secret: secretUrl(runtime),
        outcome: outcomeName(runtime.outcome, asked),
        reason: runtime.reason,
        message: runtime.message,
        ...(isCompromised(runtime, asked) ? { compromised: true } : {}),
        durationMs: runtime.durationMs,
      }),
    }));
  const summary = summaryOf(runtimes);
  const run = JSON.stringify({ event: "rotation.run", trigger, ...dryRun, summary, durationMs });
  return [...lines, { level: "information", text: run }];
}

/** Body, status and headers of the answer to `POST /api/rotate`. */
export function httpAnswer({ runtimes }: RunResult, asked: Asked) {
  const deferred = runtimes.some(({ outcome }) => outcome === "deferred");
  return {
    status: statusCode(runtimes),
    headers: deferred ? { "Retry-After": String(REPEAT_AFTER_SECONDS) } : {},
    jsonBody: {
      dryRun: asked.dryRun,
      summary: summaryOf(runtimes),
      runtimes: runtimes.map((runtime) => ({
        runtime: runtime.config.id.text,
        secret: secretUrl(runtime),
        outcome: outcomeName(runtime.outcome, asked),
        reason: runtime.reason,
        message: runtime.message,
        publishedKey: runtime.publishedKey ?? null,
        version: runtime.version ?? null,
        regenerates: runtime.regenerates,
      })),
    },
  };
}

/** What fails the timer's invocation: every runtime that an operator has to be told of, or undefined. */
export function failureOf({ runtimes }: RunResult): string | undefined {
  const bad = runtimes.filter(({ outcome }) => outcome === "failed" || outcome === "blocked");
  if (bad.length === 0) return undefined;
  const lines = bad.map(
    (runtime) => `${runtime.config.id.text}: ${runtime.outcome}, ${runtime.reason}: ${runtime.message}`,
  );
  return `${bad.length} of ${runtimes.length} runtimes need attention\n${lines.join("\n")}`;
}

function statusCode(runtimes: readonly RuntimeOutcome[]): number {
  const every = (...outcomes: readonly Outcome[]) =>
    runtimes.every(({ outcome }) => outcomes.includes(outcome));
  if (every("rotated", "published", "kept")) return 200;
  if (every("deferred", "blocked")) return 409;
  return every("failed") ? 502 : 207;
}

function levelOf(runtime: RuntimeOutcome, asked: Asked): LogLine["level"] {
  if (runtime.outcome === "failed") return "error";
  return runtime.outcome === "blocked" || isCompromised(runtime, asked) ? "warning" : "information";
}

/** Declared by this call, or by an earlier one that this run found unfinished. */
function isCompromised(runtime: RuntimeOutcome, asked: Asked): boolean {
  return asked.compromised || runtime.compromised;
}

function outcomeName(outcome: Outcome, { dryRun }: Asked): string {
  if (dryRun && outcome === "rotated") return "would-rotate";
  return dryRun && outcome === "published" ? "would-publish" : outcome;
}

function secretUrl({ config }: RuntimeOutcome): string {
  return `${config.vaultUrl}/secrets/${config.secretName}`;
}
