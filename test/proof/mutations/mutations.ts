import type { Noticer } from "./tryMutation.ts";

/** A deliberate mistake in the production code: what the text is that it replaces, and by what. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Who is asked, the quickest first. */
  readonly noticedBy: readonly Noticer[];
}

function of(
  file: string,
  noticedBy: readonly Noticer[],
  ...rows: [name: string, find: string, replace: string][]
) {
  return rows.map(
    ([name, find, replace]): Mutation => ({ name, file: `src/${file}.ts`, find, replace, noticedBy }),
  );
}

const EXPLORED: readonly Noticer[] = ["exploration", "tests"];
const TESTED: readonly Noticer[] = ["tests", "exploration"];

/**
 * Each is one thing that somebody could get wrong, or think unnecessary, and that StrykerJS does not try: where all
 * that is wrong is a condition, a comparison or a block left out, `npm run mutate` makes the mistake.
 */
export const mutations: readonly Mutation[] = [
  ...of(
    "reconcile/apply",
    EXPLORED,
    [
      "drop the intent",
      "await trackWrite(run.progress, run.secret.setTags(",
      "void (() => run.secret.setTags)((",
    ],
    [
      "regenerate before anything is written",
      "  await setIntent(run, seen, begun);",
      "  await run.runtimeKeys.regenerate(key, run.deadline.forWrite());\n  await setIntent(run, seen, begun);",
    ],
  ),
  ...of(
    "reconcile/apply",
    TESTED,
    ["retire nothing after a compromise", "  await retire(run, after);", ""],
    [
      "ask again for what this run has achieved",
      'achieved !== undefined && kind === "on-demand" ? "timer" : kind',
      "kind",
    ],
  ),
  ...of(
    "reconcile/regenerate",
    EXPLORED,
    [
      "retry the regenerate",
      "    run.progress.leaseMustRunOut ||= error.mayStillTakeEffect;",
      "    return await run.runtimeKeys.regenerate(key, run.deadline.forWrite());",
    ],
    ["publish the value of an older listing", "  return after[key];\n}", "  return before[key];\n}"],
  ),
  ...of(
    "reconcile/regenerate",
    TESTED,
    [
      "take an old value in a listing for a new one",
      "await listKeys(run, reading)",
      "await run.runtimeKeys.list(run.deadline.forRead())",
    ],
    [
      "take any answer to a regenerate for a new value",
      "if (!value.equals(before[key])) return value;",
      "return value;",
    ],
  ),
  ...of("plan/observation", EXPLORED, [
    "trust the tag for which key is published",
    "  return KEY_NAMES.find((name) => keys[name].equals(value));",
    "  return KEY_NAMES.find((name) => keys[name].equals(value)) && KEY_NAMES[0];",
  ]),
  ...of(
    "reconcile/reconcileRuntime",
    EXPLORED,
    [
      "skip the lease",
      "    if (lease) return lease;",
      "    return lease ?? { renew: async () => true, release: async () => {} };",
    ],
    [
      "skip the second observation, under the lease",
      "  const lease = await takeLease(task, observer, services);\n",
      `  const { secret, runtimeKeys } = observer;
  const reading = await secret.getLatest(observer.deadline.forRead());
  const keys = await runtimeKeys.list(observer.deadline.forRead());
  const lease = await takeLease(task, observer, services);
  const old = [reading, keys];
  const once = async (before, now) => (old.includes(before) ? old.splice(old.indexOf(before), 1)[0] : await now());
  observer = {
    ...observer,
    secret: { ...secret, getLatest: (limit) => once(reading, () => secret.getLatest(limit)) },
    runtimeKeys: { ...runtimeKeys, list: (limit) => once(keys, () => runtimeKeys.list(limit)) },
  };
`,
    ],
    [
      "let one runtime stop all",
      '    verdict = verdictOfError(error, published || regenerated.length > 0, compromise === "pending");',
      "    throw error;",
    ],
  ),
  ...of("reconcile/reconcileRuntime", TESTED, [
    "let a compromise call give up at once",
    'kind === "compromised" ? COMPROMISE_WAITS_MS : 0',
    "0",
  ]),
  ...of(
    "reconcile/observe",
    TESTED,
    [
      "believe a vault that forgets a secret under the lease",
      "observer.secretExists = secret.state",
      "observer.secretExists = false && secret.state",
    ],
    ["never look for stale listings", "const stale = KEY_NAMES.find", "const stale = [].find"],
  ),
  ...of("reconcile/retire", TESTED, [
    "retire by age alone, the latest included",
    "if (!enabled || version === latest.version || createdOn >= latest.createdOn) continue;",
    "if (!enabled || createdOn > latest.createdOn) continue;",
  ]),
  ...of(
    "reconcile/publish",
    EXPLORED,
    [
      "verify nothing after publishing",
      "const confirmed = shows(seen, version, value);",
      "const confirmed = true;",
    ],
    ["never expire", "(now + config.validityDays * DAY)", "(now + DAY)"],
    ["lose the tags of others", "secretTags(foreign, config", "secretTags({}, config"],
  ),
  ...of("reconcile/publish", TESTED, [
    "forget what the version superseded",
    "{ ...NO_STATE, ...state }",
    "{ ...NO_STATE, ...state, superseded: undefined }",
  ]),
  ...of("plan/schedule", EXPLORED, [
    "take no second off an age",
    "return now - version.createdOn - 1000;",
    "return now - version.createdOn;",
  ]),
  ...of(
    "plan/checks",
    EXPLORED,
    [
      "regenerate the published key",
      'const key = otherKey(published);\n  return {\n    action: "rotate",\n    reason: "due",',
      'const key = published;\n  return {\n    action: "rotate",\n    reason: "due",',
    ],
    ["finish no dead run", "  rotationIsUnfinished, // 4\n", ""],
    ["overwrite what is not ours", "  secretIsNotOurs, // 2\n", ""],
  ),
  ...of(
    "plan/checks",
    TESTED,
    [
      "let every repeated compromise call regenerate both keys again",
      "  keysWereCompromisedRecently, // 7a\n",
      "",
    ],
    [
      "let drift come before an unfinished rotation",
      "  rotationIsUnfinished, // 4\n  publishedKeyIsNotLive, // 5\n",
      "  publishedKeyIsNotLive, // 5\n  rotationIsUnfinished, // 4\n",
    ],
    ["keep a fingerprint of whatever the secret held", "superseded: isKey ?", "superseded: true ?"],
  ),
  ...of("plan/secretTags", TESTED, [
    "heed the state that was copied from another runtime's secret",
    "return namesRuntime(version, runtime) ?",
    "return version ?",
  ]),
  ...of(
    "plan/rotationState",
    ["tests"],
    [
      "take the state of a newer version for none",
      "  if (!success) {",
      "  if (!success) return NO_STATE;\n  if (!success) {",
    ],
  ),
  ...of(
    "keyValue",
    ["tests"],
    [
      "let a key value be printed",
      "  toJSON(): string {\n    return REDACTED;",
      "  toJSON(): string {\n    return this.#text;",
    ],
  ),
  ...of(
    "reconcile/reconcile",
    ["tests", "tests over TLS"],
    ["tell outcomes only when all are known", "    onOutcome?.(outcome);\n", ""],
  ),
  ...of(
    "config/quote",
    ["bad input"],
    [
      "try a quadratic pattern on the text of a request",
      "function quoteText(text: string): string {",
      'function quoteText(text: string): string {\n  if (/[\\w+/-]{40,}={1,2}/.test(text)) return "[redacted]";',
    ],
    ["show a shared access signature", "sig(?:=|%3D)", "sig(?:==)"],
  ),
  ...of(
    "config/runtimes",
    ["bad input", "tests"],
    [
      "let two runtimes share a secret by its case",
      "secretName: draft.secretName }).toLowerCase()",
      "secretName: draft.secretName })",
    ],
  ),
  ...of(
    "azure/keyVault",
    ["answers of others"],
    ["take any 404 of the vault for no secret", 'error.code === "SecretNotFound"', "error.status === 404"],
  ),
  ...of(
    "azure/lockContainer",
    ["redaction"],
    ["let the storage client print bearer tokens", "pipeline.factories.push(hiddenAgent);", ""],
  ),
  ...of(
    "azure/blobLease",
    ["faults", "tests over TLS"],
    [
      "let every process ask for its lease by the same id",
      ".getBlobLeaseClient(randomUUID())",
      '.getBlobLeaseClient("00000000-0000-4000-8000-000000000000")',
    ],
  ),
  ...of(
    "azure/policies",
    ["faults", "tests over TLS"],
    ["let the SDK repeat a regenerate", "NO_RETRY = { maxRetries: 0 }", "NO_RETRY = { maxRetries: 1 }"],
  ),
];
