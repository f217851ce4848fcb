/** Times on the page: in UTC, beside which the page's script puts the reader's zone, and relative to the reading. */
import { html } from "hono/html";
import { DAY, HOUR, MINUTE } from "../../config/duration.ts";

const relative = new Intl.RelativeTimeFormat("en");

/** @param time ISO 8601 */
export function timeElement(time: string) {
  return html`<time datetime="${time}">${time.slice(0, 10)} ${time.slice(11, 16)} UTC</time>`;
}

/** Such as `3 days ago` and `in 27 days`. */
export function fromNow(time: string, now: number): string {
  const ms = Date.parse(time) - now;
  const size = Math.abs(ms);
  if (size < MINUTE) return "just now";
  const [unit, length] =
    size < 2 * HOUR
      ? (["minute", MINUTE] as const)
      : size < 2 * DAY
        ? (["hour", HOUR] as const)
        : (["day", DAY] as const);
  return relative.format(Math.trunc(ms / length), unit);
}
