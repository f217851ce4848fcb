/** A time as answers report it: like `instant`, but null if unknown. */
import { instant } from "../plan/schedule.ts";

/** @param ms milliseconds since the epoch */
export function instantOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : instant(ms);
}
