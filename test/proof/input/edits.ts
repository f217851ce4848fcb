import { gzipSync } from "node:zlib";
import fc from "fast-check";

const PIECES = [
  ...[" ", "\n", "\t", "\r\n"].flatMap((space) => Array<string>(4).fill(space)),
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "null",
  "true",
  "-0",
  "1e999",
  "9".repeat(400),
  "\u0000",
  "\u00a0",
  "\u2028",
  "\ufeff",
  "\u{1f511}",
  "\\ud800",
  "\\u0000",
  '"__proto__":{"dryRun":true},',
  '"constructor":1,',
  '"dryRun":false,',
  '"runtimes":["ir-two"],',
  '"compromised":true,',
  '"id":"x",',
  "[".repeat(2000),
  '{"a":'.repeat(500),
];

/** One edit of a text; `at` and `to` are places in it, in thousandths of its length. */
const edit = fc.record({
  kind: fc.constantFrom("drop", "double", "swap", "insert", "cut", "flip"),
  at: fc.nat(999),
  to: fc.nat(999),
  /** Most often the one that changes the case of a letter. */
  bit: fc.constantFrom(5, 5, 5, 0, 1, 6),
  piece: fc.constantFrom(...PIECES),
});

/** Some edits of a text: parts dropped, doubled, swapped and put in, letters changed. */
export const edits = fc.array(edit, { minLength: 1, maxLength: 2 });

export type Edits = typeof edits extends fc.Arbitrary<infer T> ? T : never;

export function edited(text: string, edits: Edits): string {
  return edits.reduce((current, { kind, at, to, bit, piece }) => {
    const [from = 0, until = 0] = [at, to]
      .map((place) => Math.floor((place * current.length) / 1000))
      .sort((a, b) => a - b);
    const [before, between, after] = [
      current.slice(0, from),
      current.slice(from, until),
      current.slice(until),
    ];
    switch (kind) {
      case "drop":
        return before + current.slice(from + 1);
      case "double":
        return before + between + between + after;
      case "swap":
        return before + after.slice(0, 1) + between + after.slice(1);
      case "insert":
        return before + piece + between + after;
      case "cut":
        return before + after;
      default:
        return (
          before + String.fromCharCode((current.charCodeAt(from) || 0) ^ (1 << bit)) + current.slice(from + 1)
        );
    }
  }, text);
}

/** What becomes of bytes on their way. */
export const damage = fc.record({
  kind: fc.constantFrom(
    "none",
    "none",
    "bytes",
    "gzip",
    "utf16le",
    "utf16be",
    "bom",
    "two boms",
    "nul",
    "surrogate",
  ),
  at: fc.nat(999),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 2 }),
});

export type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

export function damaged(text: string, { kind, at, bytes }: Damage): Uint8Array {
  const whole = Buffer.from(text);
  const place = Math.floor((at * whole.length) / 1000);
  const put = (piece: Uint8Array) =>
    Buffer.concat([whole.subarray(0, place), piece, whole.subarray(place + piece.length)]);
  switch (kind) {
    case "bytes":
      return put(bytes);
    case "gzip":
      return gzipSync(whole);
    case "utf16le":
      return Buffer.from(text, "utf16le");
    case "utf16be":
      return Buffer.from(text, "utf16le").swap16();
    case "bom":
      return Buffer.concat([BOM, whole]);
    case "two boms":
      return Buffer.concat([BOM, BOM, whole]);
    case "nul":
      return put(Buffer.from([0]));
    case "surrogate":
      return put(Buffer.from([0xed, 0xa0, 0x80]));
    default:
      return whole;
  }
}
