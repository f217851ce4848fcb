/** The nodes of a runtime, and which of them its next rotation may take offline. */
import { html } from "hono/html";
import { isOnline } from "../../plan/nodesNote.ts";
import type { RuntimeStatus } from "../fleetStatus.ts";
import type { NodeReport } from "../nodeReport.ts";
import { fromNow, timeElement } from "./times.ts";

export function nodesTable({ nodes, nextKey }: RuntimeStatus, now: number) {
  if (nodes === null) return html`<p>Unknown: they were not asked for, or could not be read.</p>`;
  if (nodes.length === 0) return html`<p>No node is registered.</p>`;
  const when = (time: string | null) =>
    time === null ? "unknown" : html`${fromNow(time, now)}<br>${timeElement(time)}`;
  return html`<table class="nodes"><thead><tr><th scope="col">Node</th><th scope="col">Status</th><th scope="col">Key that it uses</th><th scope="col">Registered</th><th scope="col">Last connected</th><th scope="col">Version</th></tr></thead>
<tbody>${nodes.map(
    (
      node,
    ) => html`<tr><th scope="row"><bdi>${node.name}</bdi></th><td>${isOnline(node) ? "● " : "○ "}<bdi>${node.status}</bdi></td><td>${keyOf(node, nextKey)}</td><td>${when(node.registeredAt)}</td><td>${when(node.lastConnectedAt)}</td><td><bdi>${node.version ?? "unknown"}</bdi></td></tr>
`,
  )}</tbody></table>`;
}

/** How many are online, in words. */
export function nodesInBrief({ nodes, nextKey }: RuntimeStatus): string {
  if (nodes === null) return "nodes not known";
  if (nodes.length === 0) return "no nodes";
  const online = `${nodes.filter(isOnline).length} of ${nodes.length} nodes online`;
  const late = countLate(nodes);
  return late > 0 && nextKey !== null ? `${online}, ${late} may use ${nextKey}` : online;
}

/** How many may still use the key that dies next. */
export function countLate(nodes: readonly NodeReport[] | null): number {
  return nodes?.filter(({ registeredBeforePublish }) => registeredBeforePublish === true).length ?? 0;
}

function keyOf({ registeredBeforePublish }: NodeReport, nextKey: RuntimeStatus["nextKey"]) {
  if (registeredBeforePublish === null || nextKey === null) return "unknown";
  if (!registeredBeforePublish) return "most likely the published one";
  return html`<b>may still use ${nextKey}</b>, which dies next`;
}
