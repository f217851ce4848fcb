import { defineConfig } from "vitest/config";
import { unit } from "../vitest.config.ts";

/** What Stryker runs against each mutant. */
export default defineConfig({
  test: {
    include: unit,
    // A score must not be chance, nor each mutant be asked a thousand times; and one test reads the source, which Stryker
    // has rewritten.
    exclude: ["test/*/any*.test.ts", "test/regularExpressions.test.ts"],
    // One worker loads the code once for all files of a run, where most of the time would go otherwise.
    isolate: false,
  },
});
