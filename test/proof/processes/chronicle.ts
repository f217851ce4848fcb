/** What happened in one round, in order and in words. */
export class Chronicle {
  #lines: string[] = [];
  #began = performance.now();

  begin(title: string): void {
    this.#lines = [title];
    this.#began = performance.now();
  }

  /** @param who the process, or nobody for what the proof itself does */
  add(who: string, text: string): void {
    const seconds = ((performance.now() - this.#began) / 1000).toFixed(3).padStart(7);
    this.#lines.push(`${seconds} s  ${who.padEnd(4)}  ${text}`);
  }

  get text(): string {
    return this.#lines.join("\n");
  }
}
