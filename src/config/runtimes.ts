/** Reads the list of runtimes, and refuses two entries for one runtime or one secret. */
import { parseJson } from "./parseJson.ts";
import { type Problems, refusalOf } from "./problems.ts";
import { quote } from "./quote.ts";
import { type EntryDraft, type RuntimeConfig, readRuntimeEntry } from "./runtimeEntry.ts";
import type { RuntimePattern } from "./runtimePattern.ts";
import { completeSettings, type Inherited } from "./runtimeSettings.ts";
import { secretUrl } from "./urls.ts";

type RuntimeDraft = Extract<EntryDraft, { kind: "runtime" }>;
type PatternDraft = Extract<EntryDraft, { kind: "pattern" }>;

/** The entries of RUNTIMES, in their order. */
export interface Runtimes {
  readonly runtimes: readonly RuntimeConfig[];
  readonly patterns: readonly RuntimePattern[];
}

const LIST_FORMAT = 'a JSON array with an ARM id or an object for each runtime, such as ["/subscriptions/…"]';

/** The result is complete unless a problem was added. */
export function readRuntimes(text: string | undefined, inherited: Inherited, problems: Problems): Runtimes {
  const entries = readList(text, problems);
  const drafts = entries.flatMap(
    (entry, index) => readRuntimeEntry(`RUNTIMES[${index}]`, entry, inherited, problems) ?? [],
  );
  const runtimes = drafts.filter((draft) => draft.kind === "runtime");
  const patterns = drafts.filter((draft) => draft.kind === "pattern");
  refuseSameRuntime(runtimes, problems);
  refuseSameSecret(runtimes, problems);
  refuseSamePattern(patterns, problems);
  return {
    runtimes: runtimes.flatMap((draft) => completeRuntime(draft) ?? []),
    patterns: patterns.flatMap((draft) => completePattern(draft) ?? []),
  };
}

function readList(text: string | undefined, problems: Problems): readonly unknown[] {
  if (text === undefined) {
    problems.add("RUNTIMES", refusalOf(undefined, LIST_FORMAT));
    return [];
  }
  const json = parseJson(text);
  if ("problem" in json) problems.add("RUNTIMES", `${json.problem}; give ${LIST_FORMAT}`);
  else if (!Array.isArray(json.value)) problems.add("RUNTIMES", refusalOf(json.value, LIST_FORMAT));
  else if (json.value.length === 0)
    problems.add("RUNTIMES", `an empty list is not accepted; give ${LIST_FORMAT}`);
  else return json.value;
  return [];
}

function refuseSameRuntime(drafts: readonly RuntimeDraft[], problems: Problems): void {
  const first = new Map<string, RuntimeDraft>();
  for (const draft of drafts) {
    if (!draft.id) continue;
    const other = first.get(draft.id.key);
    if (other) {
      const runtime = `${quote(draft.id.name)} of factory ${quote(draft.id.parent)}`;
      problems.add(
        draft.place,
        `runtime ${runtime} is already listed at ${other.place}; list each runtime once`,
      );
    } else first.set(draft.id.key, draft);
  }
}

function refuseSameSecret(drafts: readonly RuntimeDraft[], problems: Problems): void {
  const first = new Map<string, RuntimeDraft>();
  for (const draft of drafts) {
    if (!draft.vaultUrl || !draft.secretName) continue;
    const secret = secretUrl({ vaultUrl: draft.vaultUrl, secretName: draft.secretName }).toLowerCase();
    const other = first.get(secret);
    if (!other) first.set(secret, draft);
    // A runtime that is listed twice has been reported as such.
    else if (!draft.id || draft.id.key !== other.id?.key) {
      const name = `${quote(draft.secretName)} in ${draft.vaultUrl}`;
      problems.add(
        draft.place,
        `secret ${name} is already used by ${other.place}; give one of the two a different secretName`,
      );
    }
  }
}

function refuseSamePattern(drafts: readonly PatternDraft[], problems: Problems): void {
  const first = new Map<string, PatternDraft>();
  for (const draft of drafts) {
    const key = draft.text.toLowerCase();
    const other = first.get(key);
    if (other === undefined) first.set(key, draft);
    else
      problems.add(draft.place, `this pattern is already listed at ${other.place}; list each pattern once`);
  }
}

function completeRuntime({ id, secretName, ...draft }: RuntimeDraft): RuntimeConfig | undefined {
  const settings = completeSettings(draft);
  return id && secretName && settings ? { id, secretName, ...settings } : undefined;
}

function completePattern({ text, scope, except, settings: draft }: PatternDraft): RuntimePattern | undefined {
  const settings = completeSettings(draft);
  return scope && settings ? { text, scope, except, settings } : undefined;
}
