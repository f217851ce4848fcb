/** The one way from a trigger to a run and its log lines. */
import type { InvocationContext } from "@azure/functions";
import { systemClock } from "../clock.ts";
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import type { RunRequest } from "../plan/runRequest.ts";
import { type RunResult, reconcile } from "../reconcile/reconcile.ts";
import { runLine, runtimeLine, scopeLine } from "../report/report.ts";
import type { ConfiguredApp } from "./configuredApp.ts";
import { writeLog } from "./writeLog.ts";

/**
 * Writes each outcome to the log as soon as it is known, and a line for the whole run at its end.
 * @param fleet all known runtimes, so that a call which names some can report a brake without waiting for it
 */
export async function runAndReport(
  request: RunRequest,
  { config, services, pace }: ConfiguredApp,
  context: InvocationContext,
  fleet: readonly RuntimeConfig[] = config.runtimes,
): Promise<RunResult> {
  for (const scope of request.scopes ?? []) writeLog(scopeLine(scope, request), context);
  const result = await reconcile(request, services, {
    clock: systemClock,
    pace,
    fleet,
    soakMs: config.soak.ms,
    onOutcome: (outcome) => writeLog(runtimeLine(outcome, request), context),
  });
  writeLog(runLine(result), context);
  return result;
}
