/** `npm run test:page`: the tests of the status page, in a real Chromium. */
import { startVitest } from "vitest/node";
import { findChromium } from "./findChromium.ts";

const chromium = await findChromium();
if (chromium === undefined) {
  console.error("page: not tested, no chromium, chromium-browser or google-chrome on the PATH");
  process.exit(process.env.CI ? 1 : 0);
}
process.env.PAGE_CHROMIUM = chromium;
await startVitest("test", process.argv.slice(2), { run: true, config: "test/page/vitest.config.ts" });
