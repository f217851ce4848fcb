const MOST_CHARACTERS = 80;

// Auth keys, storage keys, shared access signatures, and URLs with a password in them.
const LOOKS_LIKE_A_CREDENTIAL = /IR@|AccountKey=|SharedAccess|sig=|:\/\/[^/]*@/i;

// Control, formatting, unassigned and lone surrogate code points, and the two line breaks that JSON allows:
// a log reader must see what is there, and nothing may break or reorder its line.
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/**
 * A value as it may stand in a message: quoted, on one line, of at most about 80 characters, and redacted
 * where it looks like a credential. Lists and objects are only named, so that their depth does not matter.
 */
export function show(value: unknown): string {
  if (typeof value === "string") return showText(value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}

function showText(text: string): string {
  if (LOOKS_LIKE_A_CREDENTIAL.test(text)) return "[redacted: it looks like a credential]";
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
