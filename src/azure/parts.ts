import type { Tags } from "../services.ts";
import type { CallSite } from "./call.ts";
import { unexpected } from "./sdkError.ts";

/** Reads the parts of an answer, whose types no SDK checks: one that cannot be is no answer that anything is decided by. */
export function partsOf(site: CallSite) {
  const lacks = () =>
    unexpected(site, `the answer lacks a part that ${site.service} always sends; the next tick tries again`);
  return {
    text(part: unknown): string {
      if (typeof part !== "string") throw lacks();
      return part;
    },
    /** Milliseconds since the epoch. */
    time(part: unknown): number {
      if (!(part instanceof Date) || Number.isNaN(part.getTime())) throw lacks();
      return part.getTime();
    },
    tags(part: unknown): Tags {
      if (typeof part !== "object") throw lacks();
      return Object.fromEntries(Object.entries(part ?? {}).map(([name, value]) => [name, this.text(value)]));
    },
  };
}
