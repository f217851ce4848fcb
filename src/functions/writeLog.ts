import type { InvocationContext } from "@azure/functions";
import type { LogLine } from "../report/report.ts";

export function writeLog(lines: readonly LogLine[], context: InvocationContext): void {
  for (const { level, text } of lines) {
    if (level === "error") context.error(text);
    else if (level === "warning") context.warn(text);
    else context.log(text);
  }
}
