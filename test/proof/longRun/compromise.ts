import type { MemoryOperation } from "../../support/memoryServices.ts";
import type { RuntimeRecord } from "./record.ts";
import type { Turn, World } from "./world.ts";

/**
 * With the first write of a compromise call both live values are to die, whoever finishes it; unless that
 * write misses the latest version, or is a step of an older compromise that the call finishes.
 */
export function declare(
  world: World,
  turn: Turn,
  operation: MemoryOperation,
  tagsBefore: Readonly<Record<string, string>>,
): void {
  const { record, run } = turn;
  if (run.request !== "compromised") return;
  if (operation === "setTags" && record.latest?.tags === tagsBefore) return;
  if (turn.owes === undefined) {
    const { condemned, lives } = record;
    const intent = record.intentOf(record.latest);
    // An earlier one that is old does not answer this call, which declares its own with a first write of that kind.
    const isItsOwn = intent?.kind === "rotate" && intent.compromised === true;
    const resumes = !isItsOwn && (condemned.length > 0 || record.isByCompromise(record.latest));
    // Declared are the values that lived as the call came.
    turn.owes = resumes ? turn.foundCondemned : lives.filter(({ bornAt }) => bornAt <= turn.startedAt);
    if (!resumes) {
      world.tally.compromises += 1;
      for (const life of turn.owes) life.declared = true;
      for (const life of lives) life.surrendered = true;
    }
  } else if (turn.orphaningsAtDeclaration === record.orphanings) return;
  // A person may have taken away what it had left; the call is still at work, so that it counts again.
  turn.orphaningsAtDeclaration = record.orphanings;
  for (const life of turn.owes) {
    if (life.diedAt === undefined && !life.pardoned) life.condemned = true;
  }
}

/** Whether the secret holds a compromise whose first half is to be done: both keys, whatever their values, are to die. */
export function isBegun(record: RuntimeRecord): boolean {
  return record.intentOf(record.versions.at(-1))?.compromised === true;
}

/** A person's act has taken away what told the next run of a begun compromise, or of an unpublished value. */
export function orphan(record: RuntimeRecord): void {
  record.orphanings += 1;
  // A call that is still at work finds nothing begun and begins anew, with whatever values there are then.
  const isAtWork = [...record.turns].some(({ owes }) => owes !== undefined);
  for (const life of record.lives) {
    life.condemned = false;
    life.surrendered ||= isAtWork;
    if (!life.everNamed) life.orphaned = true;
  }
}
