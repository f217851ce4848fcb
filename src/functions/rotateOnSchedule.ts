/** The function behind the timer. */
import type { InvocationContext, Timer } from "@azure/functions";
import { systemClock } from "../clock.ts";
import { discover } from "../reconcile/discover.ts";
import { failureOf } from "../report/report.ts";
import { configuredApp } from "./configuredApp.ts";
import { runAndReport } from "./runAndReport.ts";

/** Thrown once every runtime had its turn, because a failed invocation is what alerts the operator. */
class RotationFailedError extends Error {
  override readonly name = "RotationFailedError";
}

/** One tick over all runtimes, configured or found by a pattern. */
export async function rotateOnSchedule(_timer: Timer, context: InvocationContext): Promise<void> {
  const app = configuredApp();
  const found = await discover(app.config, app.services, systemClock, app.pace, "timer");
  const request = { kind: "timer", ...found, named: false, dryRun: false } as const;
  const failure = failureOf(await runAndReport(request, app, context));
  if (failure !== undefined) throw new RotationFailedError(failure);
}
