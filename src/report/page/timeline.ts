/** The history of a runtime: the versions of its secret as points in time, and as a table. */
import { html } from "hono/html";
import type { RuntimeStatus } from "../fleetStatus.ts";
import type { VersionReport } from "../history.ts";
import { fromNow, timeElement } from "./times.ts";

/** Rows of the table; the chart shows all versions. */
const MOST_ROWS = 6;
const WIDTH = 600;
const MARGIN = 8;

export function timeline({ history }: RuntimeStatus, now: number) {
  if (history === null) return html`<p>Its versions could not be listed.</p>`;
  const oldest = history.at(-1);
  if (oldest === undefined) return html`<p>There is no version yet.</p>`;
  const rest = history.length - MOST_ROWS;
  return html`${points(history, oldest, now)}
<table class="versions"><thead><tr><th scope="col">When</th><th scope="col">Key</th><th scope="col">Why</th><th scope="col">Version is</th></tr></thead>
<tbody>${history.slice(0, MOST_ROWS).map((version) => row(version, now))}</tbody></table>
${rest > 0 ? html`<p>and ${rest} more, back to ${timeElement(oldest.publishedAt)}</p>` : ""}`;
}

function row({ publishedAt, key, reason, enabled }: VersionReport, now: number) {
  return html`<tr><td>${fromNow(publishedAt, now)}<br>${timeElement(publishedAt)}</td><td>${key ?? "unknown"}</td><td>${reason ?? "unknown"}</td><td>${enabled ? "enabled" : "disabled"}</td></tr>
`;
}

/** A circle is authKey1, a square authKey2, a triangle an unknown key; hollow if the version is disabled. */
function points(history: readonly VersionReport[], oldest: VersionReport, now: number) {
  const start = Date.parse(oldest.publishedAt);
  const span = Math.max(1, now - start);
  const place = ({ publishedAt }: VersionReport) =>
    Math.round(MARGIN + ((Date.parse(publishedAt) - start) / span) * (WIDTH - 2 * MARGIN));
  const count = history.length === 1 ? "1 version" : `${history.length} versions`;
  return html`<svg class="points" viewBox="0 0 ${WIDTH} 20" role="img" aria-label="${count} from ${oldest.publishedAt.slice(0, 10)} until now"><path d="M0 10H${WIDTH}"/>${history.map(
    (version) => point(version, place(version)),
  )}</svg><p class="legend"><span>${oldest.publishedAt.slice(0, 10)}</span><span>● authKey1 ■ authKey2, hollow: disabled</span><span>now</span></p>`;
}

function point({ key, enabled }: VersionReport, x: number) {
  const off = enabled ? "" : html` class="off"`;
  if (key === "authKey1") return html`<circle${off} cx="${x}" cy="10" r="5"/>`;
  if (key === "authKey2") return html`<path${off} d="M${x - 5} 5h10v10h-10z"/>`;
  return html`<path${off} d="M${x} 4l6 11h-12z"/>`;
}
