import type { InvocationContext, Timer } from "@azure/functions";
import { systemClock } from "../clock.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { failureOf, logLines } from "../report/report.ts";
import { getApp } from "./configuredApp.ts";
import { writeLog } from "./writeLog.ts";

/** Thrown after every runtime had its turn, so that a failed invocation is what the operator is alerted by. */
class RotationFailedError extends Error {
  override readonly name = "RotationFailedError";
}

/** One tick: every configured runtime is made what it should be. */
export async function rotateOnSchedule(_timer: Timer, context: InvocationContext): Promise<void> {
  const { config, services } = getApp();
  const { runtimes, concurrency } = config;
  const run = { trigger: "timer", runtimes, request: "timer", dryRun: false, concurrency } as const;
  const result = await reconcile(run, services, systemClock);
  writeLog(logLines(result, { trigger: "timer", dryRun: false, compromised: false }), context);
  const failure = failureOf(result);
  if (failure !== undefined) throw new RotationFailedError(failure);
}
