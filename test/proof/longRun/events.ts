/** What happened to one runtime lately, in words that are only made when somebody asks. */
interface Entry {
  readonly at: number;
  /** Which run it belongs to; undefined for all others. */
  readonly run: number | undefined;
  readonly words: () => string;
}

const KEPT = 60;
const SHOWN = 60;

/** The last events of one runtime. */
export class Events {
  #entries: Entry[] = [];

  note(at: number, words: () => string, run?: number): void {
    this.#entries.push({ at, run, words });
    if (this.#entries.length >= 2 * KEPT) this.#entries = this.#entries.slice(-KEPT);
  }

  /** A run that found nothing to do is no event. */
  forget(run: number): void {
    this.#entries = this.#entries.filter((entry) => entry.run !== run);
  }

  /** One line each, oldest first. */
  last(): string[] {
    return this.#entries
      .slice(-SHOWN)
      .map(({ at, words }) => `${new Date(Math.floor(at)).toISOString()}  ${words()}`);
  }
}
