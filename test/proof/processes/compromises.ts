import type { Runtime } from "./cast.ts";
import type { Facts } from "./facts.ts";
import type { Invocation } from "./invocation.ts";

interface Declared {
  readonly by: Invocation;
  readonly runtime: Runtime;
  /** Known to others, so that they may die without regard to the overlap. */
  readonly values: Set<string>;
  /** Those of them that have to be dead when the call says so. */
  readonly mustDie: readonly string[];
}

/**
 * The compromise calls that were made and are not over: the calls are this proof's own doing, and how long one
 * that died is still owed is read from the vault.
 */
export class Compromises {
  #open: Declared[] = [];
  /** Values that were minted while a compromise was open: a later call may find its work half done. */
  readonly #minted = new Set<string>();

  declare(by: Invocation, { runtime, live }: Facts): void {
    const values = Object.values(live);
    const mustDie = values.filter((value) => !this.#minted.has(value));
    this.#open.push({ by, runtime, values: new Set(values), mustDie });
  }

  /** A value that another run mints before the call gets to its work is declared as well. */
  minted(by: Invocation, { runtime }: Facts, value: string): void {
    for (const declared of this.#of(runtime)) {
      this.#minted.add(value);
      if (declared.by !== by && !declared.by.over) declared.values.add(value);
    }
  }

  /** Whether this value dies of a compromise that the vault has taken note of. */
  covers({ runtime, owesCompromise }: Facts, value: string): boolean {
    return owesCompromise && this.#of(runtime).some(({ values }) => values.has(value));
  }

  /** Whether the death of this value was the second half of a compromise: what replaces it is told to nobody. */
  endedWith(facts: Facts, value: string): boolean {
    const isEndOf = ({ values }: Declared) =>
      values.has(value) && [...values].every((each) => !facts.isLive(each));
    return facts.owesCompromise && this.#of(facts.runtime).some(isEndOf);
  }

  /** Closes what is done, and what died before it had begun. */
  settle(facts: Facts): void {
    this.#open = this.#open.filter(
      ({ by, runtime }) => runtime !== facts.runtime || !by.over || facts.owesCompromise,
    );
  }

  /** Values that a call declared and that still live. */
  leftOf(by: Invocation, facts: Facts): readonly string[] {
    const declared = this.#of(facts.runtime).filter((each) => each.by === by);
    return declared.flatMap(({ mustDie }) => mustDie).filter((value) => facts.isLive(value));
  }

  #of(runtime: Runtime): Declared[] {
    return this.#open.filter((each) => each.runtime === runtime);
  }
}
