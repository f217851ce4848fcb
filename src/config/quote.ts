/** Makes other people's text safe to put into a message: short, on one line, without credentials. */

const MOST_CHARACTERS = 80;

/** How much of a text is searched. A credential that starts in the visible part ends well before this. */
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
 * A value as messages show it: quoted, on one line, about 80 characters at most, and redacted if it looks like a
 * credential. Lists and objects are only named, however deep they are.
 */
export function quote(value: unknown): string {
  if (typeof value === "string") return quoteText(value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}

/** Several values as messages show them: the first three, and how many more. */
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
