import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: join(import.meta.dirname, "../.."),
    // Not named as the others are, which need no browser.
    include: ["test/page/*.browser.ts"],
    globalSetup: ["test/support/globalSetup.ts"],
    setupFiles: ["test/support/watchChildren.ts"],
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
