import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quote } from "../../src/config/quote.ts";

describe("a value in a message", () => {
  test.each([
    ["text", "abc", '"abc"'],
    ["quotes and backslashes", 'a"b\\', '"a\\"b\\\\"'],
    ["line breaks", "a\r\nb\u2028", '"a\\r\\nb\\u2028"'],
    ["terminal codes", "\u001b[31m\u009b", '"\\u001b[31m\\u009b"'],
    ["text that runs backwards", "\u202Eabc", '"\\u202eabc"'],
    ["half a character", "\ud800", '"\\ud800"'],
    ["an invisible character of two halves", "\u{E0001}", '"\\udb40\\udc01"'],
    ["letters of any script", "é漢😀", '"é漢😀"'],
    ["78 characters", "x".repeat(78), `"${"x".repeat(77)}…"`],
    ["77 characters", "x".repeat(77), `"${"x".repeat(77)}"`],
    ["an escape that does not fit", `${"x".repeat(76)}\u0001`, `"${"x".repeat(76)}…"`],
    ["an auth key", "IR@FAKE", "[redacted: it looks like a credential]"],
    ["an auth key in a long text", `${"x".repeat(90)} ir@FAKE`, "[redacted: it looks like a credential]"],
    ["a storage key", "AccountName=a;AccountKey=FAKE", "[redacted: it looks like a credential]"],
    ["a storage key alone", `${"FAKE+key/".repeat(9)}FAKE==`, "[redacted: it looks like a credential]"],
    [
      "a storage key after something",
      `key:${"FAKE+key/".repeat(9)}FAKE==`,
      "[redacted: it looks like a credential]",
    ],
    ["a token", "xeyJhbGciOiJub25lIn0.FAKE.FAKE", "[redacted: it looks like a credential]"],
    ["a token without an end", `eyJ${"FAKE".repeat(9)}`, "[redacted: it looks like a credential]"],
    ["a name that begins like a token", "heyjude-runtime", '"heyjude-runtime"'],
    ["a signature", "https://a.example/?sv=1&sig=FAKE", "[redacted: it looks like a credential]"],
    ["a password in a URL", "https://a:FAKE@a.example", "[redacted: it looks like a credential]"],
    ["a number", 1.5, "1.5"],
    ["null", null, "null"],
    ["true", true, "true"],
    ["a list", ["IR@FAKE"], "a list"],
    ["an object", { a: "IR@FAKE" }, "an object"],
  ])("%s", (_, value, shown) => {
    expect(quote(value)).toBe(shown);
  });

  test("is one short visible line, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const shown = quote(text);
        expect(shown.length).toBeLessThanOrEqual(80);
        expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
