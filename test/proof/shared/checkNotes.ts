/** What is promised of notes and findings about nodes, told from the state tag before and after one write alone. */
import type { WrittenNote, WrittenState } from "./stateTag.ts";

/** One write of a run to the latest version, or of a new one. */
export interface StateWrite {
  /** What the latest version said before it, and what it says now. */
  readonly before: WrittenState;
  readonly after: WrittenState;
  /** Whether it made a new version. */
  readonly isNew: boolean;
  /** Whether the intent that stood there is to be finished: its key has another value by now, and is not the published one. */
  readonly isUnfinished: boolean;
  /** Whether it is of a scheduled run, and the runtime has nodes that are watched. */
  readonly needsNote: boolean;
}

/** What a finding may become while it is about the same rotation: a loss that was seen is never forgotten. */
const FOLLOWS: Readonly<Record<string, readonly unknown[]>> = {
  undecided: ["undecided", "proved", "lost"],
  proved: ["proved", "lost"],
  lost: ["lost", "repaired"],
  repaired: ["repaired", "lost"],
};

export function* brokenInNotes(write: StateWrite): Generator<string> {
  yield* write.isNew ? brokenByVersion(write) : brokenByTags(write);
  const [old, now] = [write.before.note, write.after.note];
  if (!old || !now || !isOfSame(old, now)) return;
  const [was, is] = [old, now].map(([, , , , , finding]) => finding ?? "undecided") as [string, string];
  if (!FOLLOWS[was]?.includes(is)) yield `a rotation that was ${was} becomes ${is}`;
}

function* brokenByTags({ before, after, isUnfinished, needsNote }: StateWrite): Generator<string> {
  const { intent, note } = after;
  if (!same(before.note, note)) {
    if (!same(before.intent, intent)) yield "a finding changes an intent";
    if (!before.note || !note || !isOfSame(before.note, note)) yield "a note changes without a rotation";
  }
  if (before.n !== after.n) yield "a runtime counts as rotated without a rotation";
  if (same(before.intent, intent)) return;
  if (before.intent?.kind === "rotate" && (intent === undefined || isUnfinished)) yield "an intent is erased";
  if (intent?.kind !== "rotate") return;
  const earlier = before.n === undefined ? 0 : Math.min(2, before.n + 1);
  if (intent.n !== earlier) yield `a rotation notes ${intent.n} before it, which were ${earlier}`;
  if (intent.compromised && intent.note) yield "a compromise carries a note on";
  if (!intent.compromised && needsNote && !intent.note) yield "a scheduled rotation begins without a note";
}

/** A version that finishes a rotation, whoever publishes it, says what the intent says; any other one what the last one did. */
function* brokenByVersion({ before, after, isUnfinished }: StateWrite): Generator<string> {
  const source = isUnfinished ? before.intent : before;
  const what = isUnfinished ? "where a rotation is finished" : "where a live value is published";
  if (!same(source?.note, after.note)) yield `what was noted of the nodes is not carried on ${what}`;
  if (source?.n !== after.n) yield `how often the runtime was rotated is not carried on ${what}`;
}

/** Whether both are about the same rotation: all but the finding is the same. */
function isOfSame(one: WrittenNote, other: WrittenNote): boolean {
  return same(one.slice(0, 5), other.slice(0, 5));
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
