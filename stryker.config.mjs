/** Mutation tests: `npm run mutate`, about half an hour on two cores; docs/proof.md says what it is for. */
export default {
  testRunner: "vitest",
  vitest: { configFile: "test/stryker.vitest.config.ts", related: false },
  coverageAnalysis: "perTest",
  // The Azure SDKs' adapters and the registered functions are tested over TLS and in processes of their
  // own: seconds for each mutant, where the rest takes milliseconds.
  mutate: ["src/**/*.ts", "!src/azure/**", "!src/functions/**", "!src/index.ts"],
  // Most strings are sentences for people, which may change freely.
  mutator: { excludedMutations: ["StringLiteral"] },
  // A mutant in what runs as a module loads costs a whole run of all tests.
  ignoreStatic: true,
  // Stryker would rewrite tsconfig.json with an interface that TypeScript 7 does not have any more.
  ignorePatterns: ["tsconfig.json", ".tools", "dist", "infra", "coverage"],
  thresholds: { high: 95, low: 90, break: 90 },
  concurrency: 2,
  timeoutMS: 6000,
  tempDirName: ".local/stryker",
  reporters: ["progress-append-only", "clear-text", "json"],
  clearTextReporter: { logTests: false, reportTests: false },
  jsonReporter: { fileName: ".local/mutation.json" },
};
