/** A real browser, in which nothing leaves the page and nothing complains unseen. */
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { PAGE_HEADERS } from "../../src/functions/statusPage.ts";
import type { FleetStatus } from "../../src/report/fleetStatus.ts";
import { page as htmlOf } from "../../src/report/page/page.ts";

const ADDRESS = "https://rotation.azurewebsites.net/api/status?code=FAKE-function-key";
export const RUNBOOK = "https://github.com/contoso/rotation/blob/main/docs/runbook.md";

/** WCAG 2.2 A and AA, and what axe's makers hold to be good practice. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** @param complaints of the browser so far; none may be left in the end */
type Look = (page: Page, complaints: string[]) => Promise<unknown>;

export function useBrowser() {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.PAGE_CHROMIUM ?? "chromium",
      // As root, which containers are run as, Chromium has no sandbox.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    });
  });
  afterAll(() => browser.close());

  /** Opens this fleet's page as the app sends it, and lets `look` look at it. */
  async function show(
    fleet: FleetStatus,
    look: Look,
    options?: BrowserContextOptions,
    prepare: (page: Page) => Promise<unknown> = async () => {},
  ) {
    const body = htmlOf(fleet, { ageMs: 12_000, runbookUrl: RUNBOOK });
    await open(ADDRESS, look, options, async (page) => {
      await prepare(page);
      await page.route(ADDRESS, (route) => route.fulfill({ headers: PAGE_HEADERS, body }));
    });
  }

  /** Opens a page, and fails where it asks for anything else, or where the browser complains of it. */
  async function open(
    address: string,
    look: Look,
    options: BrowserContextOptions = {},
    prepare: (page: Page) => Promise<unknown> = async () => {},
  ) {
    const context = await browser.newContext({ timezoneId: "Europe/Berlin", ...options });
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      const asked: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("dialog", (dialog) => complaints.push(dialog.message()));
      page.on("request", (request) => asked.push(request.url()));
      await prepare(page);
      await page.goto(address);
      await look(page, complaints);
      expect(complaints).toEqual([]);
      expect(asked).toEqual([address]);
    } finally {
      await context.close();
    }
  }

  return { show, open };
}

/** What axe has to say of the page as it is shown. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const run = `axe.run(${JSON.stringify({ runOnly: RULES })})`;
  const { violations } = await page.evaluate<axe.AxeResults>(run);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** Opens everything that is closed. */
export async function openAll(page: Page): Promise<void> {
  for (;;) {
    const closed = page.locator("details:not([open]) > summary:visible").first();
    if ((await closed.count()) === 0) return;
    await closed.click({ position: { x: 2, y: 2 } });
  }
}

/** Elements whose content is wider than the screen. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
