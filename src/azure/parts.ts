/** Checks the types of the fields in an answer. */
import type { Tags } from "../services.ts";
import type { CallSite } from "./call.ts";
import { unexpected } from "./sdkError.ts";

/** The SDKs do not check them. A wrong one throws a ServiceError, so that nothing is decided from it. */
export function partsOf(site: CallSite) {
  const lacks = () =>
    unexpected(site, `a field is missing that ${site.service} always sends; the next tick tries again`);
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
