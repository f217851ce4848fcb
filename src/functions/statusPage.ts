/** The page of GET /api/status: who gets it, and from which reading. Loaded with the first client that may want it. */
import { hash } from "node:crypto";
import Negotiator from "negotiator";
import { systemClock } from "../clock.ts";
import type { FleetStatus } from "../report/fleetStatus.ts";
import { page } from "../report/page/page.ts";
import { SCRIPT } from "../report/page/script.ts";
import { STYLE } from "../report/page/style.ts";
import { configuredApp } from "./configuredApp.ts";
import { readFleet } from "./readFleet.ts";
import { type Reading, sharedReading } from "./sharedReading.ts";

/** Reloading the page must not use up Azure's limits. */
const KEPT_FOR_MS = 60_000;

const source = (text: string) => `'sha256-${hash("sha256", text, "base64")}'`;

export const PAGE_HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": `default-src 'none'; style-src ${source(STYLE)}; script-src ${source(SCRIPT)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  // The page's address may hold a function key, which the runbook's server must not see.
  "Referrer-Policy": "no-referrer",
};

let read: (() => Promise<Reading<FleetStatus>>) | undefined;

/** Whether a client with this `Accept` header prefers a page to JSON. */
export function prefersPage(accept: string): boolean {
  const negotiator = new Negotiator({ headers: { accept } });
  return negotiator.mediaType(["application/json", "text/html"]) === "text/html";
}

/** The answer with the page, from a reading that is a minute old at most. */
export async function statusPage() {
  const { config, services, pace } = configuredApp();
  read ??= sharedReading(
    () => readFleet(config, services, systemClock, pace, true),
    systemClock,
    KEPT_FOR_MS,
  );
  const { value, ageMs } = await read();
  return { headers: PAGE_HEADERS, body: page(value, { ageMs, runbookUrl: config.runbookUrl }) };
}
