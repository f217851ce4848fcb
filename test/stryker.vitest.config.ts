import { defineConfig } from "vitest/config";

/** What Stryker runs against each mutant: the tests that need no network, no build and no other process. */
export default defineConfig({
  test: {
    include: [
      "test/*.test.ts",
      "test/{config,functions,plan,reconcile,report}/*.test.ts",
      "test/azure/sdkErrorContent.test.ts",
    ],
    // A score must not be chance, nor each mutant be asked a thousand times.
    exclude: ["test/bundle.test.ts", "test/*/any*.test.ts"],
    // One worker loads the code once for all files of a run, where most of the time would go otherwise.
    isolate: false,
  },
});
