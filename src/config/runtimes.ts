/** Reads the list of runtimes, and refuses two entries for one runtime or one secret. */
import type { Span } from "./duration.ts";
import { parseJson } from "./parseJson.ts";
import { type Problems, refusalOf } from "./problems.ts";
import { quote } from "./quote.ts";
import { type Inherited, type Nodes, type RuntimeDraft, readRuntimeEntry } from "./runtimeEntry.ts";
import type { RuntimeId } from "./runtimeId.ts";
import { secretUrl } from "./urls.ts";

/** One runtime to rotate, where its keys are published, and how often. */
export interface RuntimeConfig {
  readonly id: RuntimeId;
  /** `https://host`, without a trailing slash, in lower case. */
  readonly vaultUrl: string;
  readonly secretName: string;
  readonly rotateEvery: Span;
  /** How long a superseded key stays live at least. */
  readonly overlap: Span;
  /** From publishing to expiry. */
  readonly validityDays: number;
  readonly nodes: Nodes;
  /** No scheduled rotation starts. */
  readonly paused: boolean;
}

const LIST_FORMAT = 'a JSON array with an ARM id or an object for each runtime, such as ["/subscriptions/…"]';

/** Reads the list of runtimes; it is complete unless a problem was noted. */
export function readRuntimes(
  text: string | undefined,
  inherited: Inherited,
  problems: Problems,
): readonly RuntimeConfig[] {
  const entries = readList(text, problems);
  const drafts = entries.flatMap(
    (entry, index) => readRuntimeEntry(`RUNTIMES[${index}]`, entry, inherited, problems) ?? [],
  );
  noteSameRuntime(drafts, problems);
  noteSameSecret(drafts, problems);
  return drafts.flatMap((draft) => complete(draft) ?? []);
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

function noteSameRuntime(drafts: readonly RuntimeDraft[], problems: Problems): void {
  const first = new Map<string, RuntimeDraft>();
  for (const draft of drafts) {
    if (!draft.id) continue;
    const other = first.get(draft.id.key);
    if (other) {
      const runtime = `${quote(draft.id.name)} of factory ${quote(draft.id.parent)}`;
      problems.add(
        draft.place,
        `runtime ${runtime} is already that of ${other.place}; give each runtime once`,
      );
    } else first.set(draft.id.key, draft);
  }
}

function noteSameSecret(drafts: readonly RuntimeDraft[], problems: Problems): void {
  const first = new Map<string, RuntimeDraft>();
  for (const draft of drafts) {
    if (!draft.vaultUrl || !draft.secretName) continue;
    const secret = secretUrl({ vaultUrl: draft.vaultUrl, secretName: draft.secretName }).toLowerCase();
    const other = first.get(secret);
    if (!other) first.set(secret, draft);
    // The same runtime given twice has been noted as such.
    else if (!draft.id || draft.id.key !== other.id?.key) {
      const name = `${quote(draft.secretName)} in ${draft.vaultUrl}`;
      problems.add(
        draft.place,
        `secret ${name} is already that of ${other.place}; give one of the two another secretName`,
      );
    }
  }
}

function complete(draft: RuntimeDraft): RuntimeConfig | undefined {
  const { id, vaultUrl, secretName, rotateEvery, overlap, validityDays, nodes, paused } = draft;
  return id && vaultUrl && secretName && rotateEvery && overlap && validityDays && nodes
    ? { id, vaultUrl, secretName, rotateEvery, overlap, validityDays, nodes, paused }
    : undefined;
}
