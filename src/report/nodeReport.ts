/** The nodes of a runtime, as answers report them. */
import { redactKeys } from "../keyValue.ts";
import type { RuntimeNode } from "../services.ts";
import { instantOrNull } from "./instantOrNull.ts";

/** What is unknown is null. */
export interface NodeReport {
  readonly name: string;
  readonly status: string;
  readonly version: string | null;
  readonly registeredAt: string | null;
  readonly lastConnectedAt: string | null;
  /** If true, the node uses the key that the next rotation regenerates, unless it was given the new one since. */
  readonly registeredBeforePublish: boolean | null;
}

/** Names are other people's text and may be of any length. */
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
    registeredAt: instantOrNull(registeredAt),
    lastConnectedAt: instantOrNull(lastConnectedAt),
    registeredBeforePublish:
      registeredAt === undefined || publishedAt === undefined ? null : registeredAt < publishedAt,
  }));
}

/** Redacts what looks like a key: somebody may have pasted one. */
function shortened(text: string): string {
  return [...redactKeys(text)].slice(0, MOST_CHARACTERS).join("");
}
