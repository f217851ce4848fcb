/** Makes text of others fit to stand in a message: short, on one line, and without credentials. */
const MOST_CHARACTERS = 80;

/** How much of a text is searched: a credential that begins in the part that is shown ends long before. */
const MOST_LOOKED_AT = 4096;

// Each takes linear time: nothing is scanned again from its next character.
const CREDENTIALS = [
  // Auth keys.
  /IR(?:@|%40)/i,
  // Connection strings, and shared access signatures.
  /AccountKey\s*=|SharedAccess|sig(?:=|%3D)/i,
  // URLs with a password in them.
  /:\/\/[^/]*@/,
  // Tokens.
  /eyJ[\w-]{16}/,
  // Storage keys alone.
  /(?<![\w+/-])[\w+/-]{40,}={1,2}/,
];

// Control, formatting, unassigned and lone surrogate code points, and the two line breaks that JSON allows:
// a log reader must see what is there, and nothing may break or reorder its line.
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/**
 * A value as it may stand in a message: quoted, on one line, of at most about 80 characters, and redacted
 * where it looks like a credential. Lists and objects are only named, so that their depth does not matter.
 */
export function quote(value: unknown): string {
  if (typeof value === "string") return quoteText(value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}

/** A list of values as it may stand in a message: however long it is, only the first three are shown. */
export function quoteSome(values: readonly unknown[]): string {
  const shown = values.slice(0, 3).map(quote).join(", ");
  return values.length > 3 ? `${shown} and ${values.length - 3} more` : shown;
}

function quoteText(whole: string): string {
  const text = whole.slice(0, MOST_LOOKED_AT);
  if (CREDENTIALS.some((pattern) => pattern.test(text))) return "[redacted: it looks like a credential]";
  let shown = '"';
  for (const character of text) {
    const piece = escaped(character);
    if (shown.length + piece.length + 2 > MOST_CHARACTERS) return `${shown}…"`;
    shown += piece;
  }
  return `${shown}"`;
}

function escaped(character: string): string {
  const inJson = JSON.stringify(character).slice(1, -1);
  if (inJson !== character || !INVISIBLE.test(character)) return inJson;
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
