/** The published key's age against the time at which it is due, and its expiry. */
import { html } from "hono/html";
import type { RuntimeStatus } from "../fleetStatus.ts";

/** Positions are in percent of the bar, which ends at the expiry. Screen readers skip it: the words beside it say the same. */
export function ageBar({ publishedAt, dueAt, expiresAt }: RuntimeStatus, now: number) {
  if (publishedAt === null) return html`<i></i>`;
  const start = Date.parse(publishedAt);
  const due = dueAt === null ? undefined : Date.parse(dueAt);
  const end = Math.max(now, expiresAt === null ? (due ?? now) : Date.parse(expiresAt));
  const percent = (time: number) => Math.round((100 * Math.max(0, time - start)) / Math.max(1, end - start));
  const late =
    due !== undefined && due < now
      ? html`<rect class="late" x="${percent(due)}%" width="${percent(now) - percent(due)}%"/>`
      : "";
  const mark = due === undefined ? "" : html`<rect class="mark" x="${percent(due)}%"/>`;
  return html`<svg class="bar" aria-hidden="true"><rect width="${percent(now)}%"/>${late}${mark}</svg>`;
}
