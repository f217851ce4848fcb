import type { RunResult } from "../../src/reconcile/reconcile.ts";
import { type LogLine, runLine, runtimeLine } from "../../src/report/report.ts";

/** Every line that a run writes, in order. */
export function logLines(result: RunResult): readonly LogLine[] {
  const lines = result.runtimes.map((runtime) => runtimeLine(runtime, result.request));
  return [...lines.filter((line) => line !== undefined), runLine(result)];
}
