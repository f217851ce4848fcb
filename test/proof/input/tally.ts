/** How many cases one property was checked with. */
export interface Figure {
  readonly property: string;
  readonly cases: number;
  /** Of them, how many were valid and read in full; the others were refused. */
  readonly valid: number;
  readonly milliseconds: number;
}

/** Counts the cases of one property. */
export class Tally {
  cases = 0;
  valid = 0;
  readonly #began = performance.now();

  count(isValid: boolean): void {
    this.cases += 1;
    if (isValid) this.valid += 1;
  }

  figure(property: string): Figure {
    const { cases, valid } = this;
    return { property, cases, valid, milliseconds: Math.round(performance.now() - this.#began) };
  }
}
