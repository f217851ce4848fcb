/** A stream of choices that depends on its seed alone, so that a case can be made again and shrunk. */
export class Choices {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 up to, not including, `below`. */
  next(below: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  of<T>(items: readonly T[]): T {
    return items[this.next(items.length)] as T;
  }
}

const SPACES = ["", "", "", " ", "\n", "\t", "\r\n  "];

/** The same JSON value in one of the many ways to write it: white space, escapes, the order of properties. */
export function spellJson(value: unknown, choices: Choices): string {
  const space = () => choices.of(SPACES);
  if (typeof value === "string") return spellText(value, choices);
  if (Array.isArray(value)) {
    return `[${space()}${value.map((item) => spellJson(item, choices)).join(`${space()},${space()}`)}${space()}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  for (let index = members.length - 1; index > 0; index -= 1) {
    const other = choices.next(index + 1);
    [members[index], members[other]] = [
      members[other] as [string, unknown],
      members[index] as [string, unknown],
    ];
  }
  const spelled = members.map(
    ([name, item]) => `${spellText(name, choices)}${space()}:${space()}${spellJson(item, choices)}`,
  );
  return `{${space()}${spelled.join(`${space()},${space()}`)}${space()}}`;
}

function spellText(text: string, choices: Choices): string {
  if (choices.next(4) > 0) return JSON.stringify(text);
  const units = text.split("").map((unit) => {
    if (choices.next(8) > 0) return JSON.stringify(unit).slice(1, -1);
    return unit === "/" ? "\\/" : `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${units.join("")}"`;
}

/** The same name in another case. */
export function spellCase(text: string, choices: Choices): string {
  const style = choices.next(4);
  if (style === 0) return text.toUpperCase();
  if (style === 1) return text.toLowerCase();
  if (style === 2) return text;
  return text.replace(/[a-z]/gi, (letter) => (choices.next(2) ? letter.toUpperCase() : letter.toLowerCase()));
}

const SECOND = 1000;
const UNITS = { W: 604_800_000, D: 86_400_000, H: 3_600_000, M: 60_000, S: SECOND };

/** An ISO 8601 duration of so many milliseconds, which are whole seconds, in one of the ways to write it. */
export function spellDuration(ms: number, choices: Choices): string {
  const style = choices.next(4);
  if (style === 0) return `PT${ms / SECOND}S`;
  if (style === 1 && ms % UNITS.W === 0) return `P${ms / UNITS.W}W`;
  if (style === 2 && ms % (UNITS.D / 2) === 0) {
    return `P${String(ms / UNITS.D).replace(".", choices.of([".", ","]))}D`;
  }
  let rest = ms;
  const take = (unit: "D" | "H" | "M" | "S") => {
    const count = Math.floor(rest / UNITS[unit]);
    rest -= count * UNITS[unit];
    return count > 0 || choices.next(5) === 0 ? `${count}${unit}` : "";
  };
  const days = take("D");
  const time = `${take("H")}${take("M")}${take("S")}`;
  if (days === "" && time === "") return `PT${ms / SECOND}S`;
  return `P${days}${time === "" ? "" : `T${time}`}`;
}
