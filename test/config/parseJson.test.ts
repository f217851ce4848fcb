import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson } from "../../src/config/parseJson.ts";

describe("a mistake in JSON", () => {
  test.each([
    ["[1, 2", "it ends too early, at line 1, column 6"],
    ['["a', "it ends too early, at line 1, column 4"],
    ["[tru", "it ends too early, at line 1, column 5"],
    ["[-", "it ends too early, at line 1, column 3"],
    ["[1.", "it ends too early, at line 1, column 4"],
    ['["\\u00', "it ends too early, at line 1, column 7"],
    ['{"a"', "it ends too early, at line 1, column 5"],
    ["[1,]", 'unexpected "]" at line 1, column 4'],
    ["[1] x", 'unexpected "x" at line 1, column 5'],
    ["{a: 1}", 'unexpected "a" at line 1, column 2'],
    ["['a']", `unexpected "'" at line 1, column 2`],
    ['[\n  "a"\n  "b"\n]', 'unexpected "\\"" at line 3, column 3'],
    ["[\r\n  1\r\n  2]", 'unexpected "2" at line 3, column 3'],
    ['["a\nb"]', 'unexpected "\\n" at line 1, column 4'],
    ['["\\x"]', 'unexpected "x" at line 1, column 4'],
    ["[\r1 2]", 'unexpected "2" at line 2, column 3'],
    ["[😀]", 'unexpected "😀" at line 1, column 2'],
    ['["IR@FAKE" IR@FAKE]', 'unexpected "I" at line 1, column 12'],
    ["", "it ends too early, at line 1, column 1"],
  ])("%j", (text, mistake) => {
    expect(parseJson(text)).toEqual({ problem: `not valid JSON: ${mistake}` });
  });

  test("is never found in valid JSON, nor before the place where it was made", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, at) => {
        expect(parseJson(text)).toEqual({ value: JSON.parse(text) });
        const cut = at % text.length;
        // A character that is valid nowhere in JSON, not even in a string.
        const broken = parseJson(`${text.slice(0, cut)}\u0000`);
        expect(broken).toEqual({
          problem: `not valid JSON: unexpected "\\u0000" at line 1, column ${cut + 1}`,
        });
      }),
    );
  });
});
