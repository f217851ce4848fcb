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

function mutation(name: string, file: string, find: string, replace: string, ...by: Noticer[]): Mutation {
  const noticedBy: readonly Noticer[] = by.length > 0 ? by : ["exploration", "tests"];
  return { name, file: `src/${file}.ts`, find, replace, noticedBy };
}

/** Each is one thing that somebody could get wrong, or think unnecessary. */
export const mutations: readonly Mutation[] = [
  mutation(
    "drop the intent",
    "reconcile/apply",
    "await trackWrite(run.progress, run.secret.setTags(latest.version, tags, run.deadline.forWrite()));",
    "",
  ),
  mutation(
    "regenerate before anything is written",
    "reconcile/apply",
    "const { version } = await setIntent(run, seen, {",
    "await run.runtimeKeys.regenerate(key, run.deadline.forWrite());\n  const { version } = await setIntent(run, seen, {",
  ),
  mutation(
    "retry the regenerate",
    "reconcile/regenerate",
    "    run.progress.leaseMustRunOut ||= error.mayStillTakeEffect;",
    "    run.progress.leaseMustRunOut ||= error.mayStillTakeEffect;\n    return await run.runtimeKeys.regenerate(key, run.deadline.forWrite());",
  ),
  mutation(
    "take a lost answer for a failure, without asking what happened",
    "reconcile/regenerate",
    "const after = await relist(run, latest);",
    "const after = undefined as AuthKeys | undefined;",
  ),
  mutation(
    "take an old value in a listing for a new one",
    "reconcile/regenerate",
    "return await listKeys(run, latest);",
    "return await run.runtimeKeys.list(run.deadline.forRead());",
  ),
  mutation(
    "publish the value of an older listing",
    "reconcile/regenerate",
    "  return after[key];\n}",
    "  return before[key];\n}",
  ),
  mutation(
    "trust the tag for which key is published",
    "plan/observation",
    "  return KEY_NAMES.find((name) => keys[name].equals(value));",
    "  return KEY_NAMES.find((name) => keys[name].equals(value)) && KEY_NAMES[0];",
  ),
  mutation(
    "skip the lease",
    "reconcile/reconcileRuntime",
    "    if (lease) return lease;",
    "    return lease ?? { renew: async () => true, release: async () => {} };",
  ),
  mutation(
    "skip the second observation, under the lease",
    "reconcile/reconcileRuntime",
    "  const lease = await takeLease(assignment, observer, services);\n",
    `  const { secret, runtimeKeys } = observer;
  const reading = await secret.getLatest(observer.deadline.forRead());
  const keys = await runtimeKeys.list(observer.deadline.forRead());
  const lease = await takeLease(assignment, observer, services);
  const old = [reading, keys];
  const once = async (before, now) => (old.includes(before) ? old.splice(old.indexOf(before), 1)[0] : await now());
  observer = {
    ...observer,
    secret: { ...secret, getLatest: (limit) => once(reading, () => secret.getLatest(limit)) },
    runtimeKeys: {
      ...runtimeKeys,
      list: (limit) => once(keys, () => runtimeKeys.list(limit)),
    },
  };
`,
  ),
  mutation(
    "skip reading the intent back",
    "reconcile/regenerate",
    'if (latest.state !== "readable" || !isExpected(latest)) {',
    'if (latest.state !== "readable") {',
  ),
  mutation(
    "skip renewing the lease",
    "reconcile/regenerate",
    "if (!(await run.lease.renew(run.deadline.forRead()))) {",
    "if (false) {",
  ),
  mutation(
    "ignore the overlap on HTTP",
    "plan/checks",
    'if (request === "on-demand") return block(',
    "if (false) return block(",
  ),
  mutation(
    "ignore the overlap everywhere",
    "plan/schedule",
    "return ageOf(version, now) < config.overlap.ms;",
    "return false;",
  ),
  mutation(
    "take no second off an age",
    "plan/schedule",
    "return now - version.createdOn - 1000;",
    "return now - version.createdOn;",
  ),
  mutation(
    "take the age from the app's clock",
    "reconcile/observe",
    "now: now ?? observer.clock.wall()",
    "now: observer.clock.wall()",
  ),
  mutation(
    "disable live versions too",
    "reconcile/retire",
    "if (liveKeyOf(value, runtime.keys) === undefined) await",
    "await",
  ),
  mutation(
    "disable the version whose value is live, keep the dead one",
    "reconcile/retire",
    "if (liveKeyOf(value, runtime.keys) === undefined) await",
    "if (liveKeyOf(value, runtime.keys) !== undefined) await",
  ),
  mutation(
    "retire by age alone, the latest included",
    "reconcile/retire",
    "if (!enabled || version === latest.version || createdOn >= latest.createdOn) continue;",
    "if (!enabled || createdOn > latest.createdOn) continue;",
  ),
  mutation(
    "verify nothing after publishing",
    "reconcile/publish",
    "  const confirmed = shows(observation, version, value);",
    "  const confirmed = true;",
  ),
  mutation(
    "forget which value a compromise killed last",
    "reconcile/apply",
    "isRegenerated(done, keys) ? done.was : before;",
    "isRegenerated(done, keys) ? undefined : before;",
  ),
  mutation(
    "forget the second half of a compromise",
    "reconcile/apply",
    "  const intent: Intent | undefined = compromised\n",
    "  const intent: Intent | undefined = false\n",
  ),
  mutation(
    "let drift bring back the key that is to be killed",
    "plan/checks",
    "const key = kill ? otherKey(kill.key) : tagged;",
    "const key = tagged;",
  ),
  mutation(
    "satisfy a compromise by what drift publishes",
    "plan/checks",
    "intent: kill ?? (compromised ? compromiseOf(otherKey(key), keys) : undefined),",
    "intent: undefined,",
  ),
  mutation(
    "clear a finished kill without declaring the call's own compromise",
    "plan/checks",
    'intent: request === "compromised" ? compromiseOf(otherKey(published), keys) : undefined,',
    "intent: undefined,",
  ),
  mutation("finish no dead run", "plan/checks", "  rotationIsUnfinished, // 4\n", ""),
  mutation(
    "release the lease after a write without an answer",
    "reconcile/reconcileRuntime",
    "if (!progress.leaseMustRunOut) await release(",
    "await release(",
  ),
  mutation(
    "regenerate the published key",
    "plan/checks",
    '  const key = otherKey(published);\n  return {\n    action: "rotate",\n    reason: "due",',
    '  const key = published;\n  return {\n    action: "rotate",\n    reason: "due",',
  ),
  mutation("overwrite what is not ours", "plan/checks", "  secretIsNotOurs, // 2\n", ""),
  mutation("lose the tags of others", "tags", '...(secret.state === "readable" ? secret.tags : {}),', ""),
  mutation("never expire", "reconcile/publish", "(now + config.validityDays * DAY)", "(now + DAY)"),
  mutation(
    "let a key value be printed",
    "keyValue",
    "  toJSON(): string {\n    return REDACTED;",
    "  toJSON(): string {\n    return this.#text;",
  ),
  mutation(
    "let one runtime stop all",
    "reconcile/reconcileRuntime",
    '    verdict = verdictOf(error, published || regenerated.length > 0, compromise === "pending");',
    "    throw error;",
  ),
];
