/** Who made a value live or dead. `rotation`: a run that is to publish it; `kill`: the second half of a compromise. */
export type By = "creation" | "hand" | "rotation" | "kill";

/** One value that a key has or had: what the promises are told by, from the model's own record. */
export interface ValueLife {
  /** What a trace calls it. */
  readonly letter: string;
  readonly mintedBy: By;
  readonly bornAt: number;
  everNamed: boolean;
  /** When the vault ceased to name it; undefined while it does, and where it never did. */
  supersededAt: number | undefined;
  /** A compromise may kill it without regard to the overlap. */
  surrendered: boolean;
  /** It lived when a compromise call came that has begun since. */
  declared: boolean;
  /** A compromise that has begun owes its death. */
  condemned: boolean;
  /** A person has published it again although a compromise owed its death, which gives that up. */
  pardoned: boolean;
  /** A person's act took away what would have told the next run of it. */
  orphaned: boolean;
  diedAt: number | undefined;
  /** Undefined while it lives. */
  killedBy: "hand" | "rotation" | "compromise" | undefined;
  /** It died because a person changed the secret after the run's last look, or the key after the run had listed it. */
  overtaken: boolean;
}

/** `nth` from 0: a, b, … z, aa, ab, … */
export function letterOf(nth: number): string {
  const last = String.fromCharCode(97 + (nth % 26));
  return nth < 26 ? last : letterOf(Math.floor(nth / 26) - 1) + last;
}

export function newLife(nth: number, mintedBy: By, bornAt: number): ValueLife {
  return {
    letter: letterOf(nth),
    mintedBy,
    bornAt,
    everNamed: false,
    supersededAt: undefined,
    surrendered: false,
    declared: false,
    condemned: false,
    pardoned: false,
    orphaned: false,
    diedAt: undefined,
    killedBy: undefined,
    overtaken: false,
  };
}
