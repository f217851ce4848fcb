import type { SecretVersion } from "../../../local/azure/model/keyVault.ts";
import type { KeyName } from "../../../src/services.ts";
import {
  brokenByDisabling,
  brokenByRegenerate,
  brokenInVault,
  Violation,
  type Writer,
} from "./checkWrite.ts";
import type { By, RuntimeRecord } from "./record.ts";
import { changedKey, type Sides, stateIn, unhealthy } from "./sides.ts";
import { isOfCompromise } from "./stateTag.ts";

/** A run of which more is known with each of its writes. */
export interface WritingRun extends Writer {
  wrote: boolean;
  readonly regenerated: KeyName[];
}

/** The model right before an effect, which changes the model itself. What has not changed since is not copied again. */
export function before(record: RuntimeRecord): Sides {
  const { config, live, versions, isDeleted } = record;
  const known = copies.get(record) ?? [];
  const seen = versions.map((version, index) => {
    const copy = known[index];
    const isSame = copy?.id === version.id && copy.tags === version.tags && copy.enabled === version.enabled;
    return isSame ? copy : { ...version };
  });
  copies.set(record, seen);
  return { config, live, versions: seen, isDeleted };
}
const copies = new WeakMap<RuntimeRecord, readonly SecretVersion[]>();

/**
 * Checks the effect of one write of a run, told from the model alone, and brings record and run up to date.
 * @param excused somebody was at work meanwhile: nothing in Azure could have prevented what comes of that
 * @param run undefined where it is not known whose it is
 */
export function checkEffect(
  record: RuntimeRecord,
  seen: Sides,
  now: number,
  excused: boolean,
  run: WritingRun | undefined,
): readonly string[] {
  const key = changedKey(seen, record);
  const { intent } = stateIn(seen);
  const isSecondHalf = key !== undefined && intent?.kind === "kill" && intent.key === key;
  const violations = excused ? brokenAnyhow(record, seen, key, run) : broken(record, seen, key, now, run);
  const texts = [...violations].map(({ text }) => text);
  const by: By = isSecondHalf ? "second half" : "rotation";
  record.settle(now, by, excused);
  if (run && key !== undefined) run.regenerated.push(key);
  else if (run) run.wrote = true;
  return texts;
}

/** What nobody else can have brought about. */
function* brokenAnyhow(
  record: RuntimeRecord,
  seen: Sides,
  key: KeyName | undefined,
  run: WritingRun | undefined,
): Generator<Violation> {
  if (key && run?.regenerated.includes(key)) yield new Violation(4, `one run regenerates ${key} twice`);
  yield* brokenByDisabling(seen, record);
}

function* broken(
  record: RuntimeRecord,
  seen: Sides,
  key: KeyName | undefined,
  now: number,
  run: WritingRun | undefined,
): Generator<Violation> {
  if (key !== undefined) {
    const { supersededAt, mintedBy, everNamed, excused, name } = record.values.get(seen.live[key])!;
    const { intent } = stateIn(seen);
    const isDeclared = record.declaredAt !== undefined;
    if (isOfCompromise(intent) && !isDeclared)
      yield new Violation(2, `${name} is killed as compromised, and nobody declared that`);
    const isOwed = isOfCompromise(intent) && isDeclared;
    const isUnpublished = mintedBy === "rotation" && !everNamed && !excused;
    yield* brokenByRegenerate(seen, key, { supersededAt, isOwed, isUnpublished }, run, now);
    if (!isOwed && run && run.regenerated.length > 0) yield new Violation(4, "one run rotates twice");
  }
  yield* brokenByDisabling(seen, record);
  yield* brokenInVault(seen, record, run?.isTimer === true && record.hasWatchedNodes);
}

/** What is not as it should be with a runtime that nobody has to put right. */
export function* unwell(record: RuntimeRecord): Generator<string> {
  yield* unhealthy(record);
  const lost = record.lives.find((life) => life.mintedBy === "rotation" && !life.everNamed && !life.excused);
  if (lost) yield `${lost.name}, which the app had minted, is not published`;
}
