/** `npm run pictures`: makes docs/images anew, from the running app and from the running demo. */
import { execFile } from "node:child_process";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { startLocalAzure } from "../../local/azure/index.ts";
import { startHost } from "../../local/host/index.ts";
import { settingsOf } from "../../local/start/fleet.ts";
import { playHistory } from "../../local/start/history.ts";
import { findChromium } from "./findChromium.ts";
import { terminalPage } from "./terminalPage.ts";

const FOLDER = "docs/images";
/** What is shown in a document has to load at once. */
const MOST_BYTES = 200_000;

const executablePath = await findChromium();
if (executablePath === undefined) throw new Error("there is no Chromium on the PATH");
await mkdir(FOLDER, { recursive: true });
const browser = await chromium.launch({
  executablePath,
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
try {
  await picturesOfPage(browser);
  await pictureOfDemo(browser);
} finally {
  await browser.close();
}

/** Of the fleet of `npm start`. */
async function picturesOfPage(browser: Browser): Promise<void> {
  const azure = await startLocalAzure();
  try {
    await playHistory(azure, "dist");
    const RUNBOOK_URL = "https://github.com/contoso/rotation/blob/main/docs/runbook.md";
    const app = await startHost({ folder: "dist", settings: { ...settingsOf(azure), RUNBOOK_URL } });
    const address = `${app.url}/api/status?code=${app.keys.function}`;
    const open = async (page: Page) => void (await page.goto(address));
    const desk = { width: 1180, height: 740 };
    await take(browser, "status-page.png", { viewport: desk }, open);
    await take(browser, "status-page-dark.png", { viewport: desk, colorScheme: "dark" }, open);
    await take(browser, "status-page-phone.png", { viewport: { width: 360, height: 1100 } }, open);
    await take(
      browser,
      "status-page-details.png",
      { viewport: { width: 1180, height: 700 } },
      async (page) => {
        await open(page);
        const summary = page.locator("summary", { hasText: "of hamburg" });
        await summary.click();
        await page.locator("#filter").scrollIntoViewIfNeeded();
        await page.evaluate("document.querySelector('.runtimes').scrollIntoView()");
      },
    );
    await app.stop();
  } finally {
    await azure.stop();
  }
}

/** Of its first part, in a window as wide as what it prints. */
async function pictureOfDemo(browser: Browser): Promise<void> {
  const env = { ...process.env, FORCE_COLOR: "1", NO_COLOR: undefined };
  const { stdout } = await promisify(execFile)(process.execPath, ["local/demo.ts"], { env });
  const [firstPart = ""] = stdout.slice(stdout.indexOf("\n\n") + 2).split("\n\n\u001b[1m2. ");
  await take(browser, "demo.png", { viewport: { width: 700, height: 400 } }, async (page) => {
    await page.setContent(terminalPage("npm run demo", firstPart));
    const height = await page.evaluate<number>("document.documentElement.scrollHeight");
    await page.setViewportSize({ width: 700, height });
  });
}

async function take(
  browser: Browser,
  name: string,
  options: BrowserContextOptions,
  show: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ timezoneId: "Europe/Berlin", ...options });
  const page = await context.newPage();
  await show(page);
  const path = join(FOLDER, name);
  await page.screenshot({ path });
  await context.close();
  const { size } = await stat(path);
  console.log(`${path}: ${Math.round(size / 1000)} KB`);
  if (size > MOST_BYTES) throw new Error(`${path} is larger than ${MOST_BYTES / 1000} KB`);
}
