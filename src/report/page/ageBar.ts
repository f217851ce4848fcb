/** The published key's age against the time at which it is due, and its expiry. */
import { html } from "hono/html";
import type { RuntimeStatus } from "../fleetStatus.ts";

/** Of the whole bar, which ends with the expiry. The words beside it say the same. */
export function ageBar({ publishedAt, dueAt, expiresAt }: RuntimeStatus, now: number) {
  if (publishedAt === null) return "";
  const start = Date.parse(publishedAt);
  const due = dueAt === null ? undefined : Date.parse(dueAt);
  const end = Math.max(now, expiresAt === null ? (due ?? now) : Date.parse(expiresAt));
  const place = (time: number) => Math.round(1 + (98 * Math.max(0, time - start)) / Math.max(1, end - start));
  const late =
    due !== undefined && due < now ? html`<path class="late" d="M${place(due)} 4H${place(now)}"/>` : "";
  const mark = due === undefined ? "" : html`<path class="mark" d="M${place(due)} 0V8"/>`;
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><path d="M1 4H99"/><path class="age" d="M1 4H${place(now)}"/>${late}${mark}</svg>`;
}
