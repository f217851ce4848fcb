import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { findCanaries } from "./test/support/canaries.ts";

/** The tests that need no network, no build and no other process. */
export const unit = [
  "test/{errors,keyValue,promises,regularExpressions}.test.ts",
  "test/{config,functions,plan,reconcile,report}/**/*.test.ts",
  "test/azure/sdkErrorContent.test.ts",
];

export default defineConfig({
  test: {
    projects: [
      // One worker loads the code once for all of their files, where most of their time would go otherwise.
      { extends: true, test: { name: "unit", include: unit, isolate: false } },
      { extends: true, test: { name: "whole", include: ["test/**/*.test.ts"], exclude: unit } },
    ],
    globalSetup: ["test/support/globalSetup.ts"],
    setupFiles: ["test/support/watchChildren.ts"],
    // A process per file: NODE_EXTRA_CA_CERTS is read when a process starts, and tests set its environment.
    pool: "forks",
    // More than there are cores, because many tests wait for other processes.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // How long what other processes print may take to come: no test waits longer than it has to.
    expect: { poll: { timeout: 10_000 } },
    // Also from made-up keys: what prints one in a test prints a real one in the cloud.
    onConsoleLog(log) {
      if (log.includes("IR@") || findCanaries(log).length > 0) throw new Error("A key's value was printed");
    },
    coverage: {
      provider: "v8",
      include: ["src/**"],
      // Only the built app can be loaded with it, in a process of its own (bundle.test.ts): none of it is measured.
      exclude: ["src/index.ts"],
      reporter: ["text-summary", ["text", { skipFull: true }]],
    },
  },
});
