/** The nodes of a runtime, as answers tell them. */
import { redactKeys } from "../keyValue.ts";
import { instant } from "../plan/schedule.ts";
import type { RuntimeNode } from "../services.ts";

/** What is unknown is null. */
export interface NodeReport {
  readonly name: string;
  readonly status: string;
  readonly version: string | null;
  readonly registeredAt: string | null;
  readonly lastConnectedAt: string | null;
  /** Unless it was given the new key since, it uses the one that the next rotation regenerates. */
  readonly registeredBeforePublish: boolean | null;
}

/** Names are text of others, and need not be shown at any length. */
const MOST_CHARACTERS = 100;

/** @param publishedAt when the published key was published, in milliseconds since the epoch */
export function nodeReports(
  nodes: readonly RuntimeNode[] | undefined,
  publishedAt: number | undefined,
): readonly NodeReport[] | null {
  if (nodes === undefined) return null;
  return nodes.map(({ name, status, version, registeredAt, lastConnectedAt }) => ({
    name: shortened(name),
    status: shortened(status),
    version: version === undefined ? null : shortened(version),
    registeredAt: timeOf(registeredAt),
    lastConnectedAt: timeOf(lastConnectedAt),
    registeredBeforePublish:
      registeredAt === undefined || publishedAt === undefined ? null : registeredAt < publishedAt,
  }));
}

/** Without what looks like a key: somebody may have pasted one. */
function shortened(text: string): string {
  return [...redactKeys(text)].slice(0, MOST_CHARACTERS).join("");
}

function timeOf(ms: number | undefined): string | null {
  return ms === undefined ? null : instant(ms);
}
