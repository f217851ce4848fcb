/** Writes a log line at its level. */
import type { InvocationContext } from "@azure/functions";
import type { LogLine } from "../report/report.ts";

export function writeLog(line: LogLine | undefined, context: InvocationContext): void {
  if (line?.level === "error") context.error(line.text);
  else if (line?.level === "warning") context.warn(line.text);
  else if (line) context.log(line.text);
}
