import { describe, expect, test } from "vitest";
import { armId, problemsOf, settings, withRuntimes } from "./settings.ts";

const ID = armId();
const ISO =
  'an ISO 8601 duration in weeks, days, hours, minutes or seconds, such as "P30D" (years and months vary in length)';

describe("a text that is no duration", () => {
  test.each([
    "P1M",
    "P1Y",
    "P1Y2M3D",
    "P",
    "PT",
    "P1DT",
    "30D",
    "30",
    "p30d",
    "P 30D",
    "-P30D",
    "+P30D",
    "P-30D",
    "P.5D",
    "P1.D",
    "P1D2W",
    "P1DP1D",
    "xP30D",
    "P30Dx",
    "P1e3D",
    "PT1H1D",
    "P30D/P1D",
    "monthly",
  ])("%s", (text) => {
    const problem = `"${text}" is not accepted; give ${ISO}`;
    expect(problemsOf(settings({ ROTATE_EVERY: text }))).toEqual([`ROTATE_EVERY: ${problem}`]);
    expect(problemsOf(withRuntimes({ id: ID, rotateEvery: text }))).toEqual([
      `RUNTIMES[0].rotateEvery: ${problem}`,
    ]);
  });

  test.each([30, true, null, ["P30D"], { days: 30 }])("%o", (value) => {
    expect(problemsOf(withRuntimes({ id: ID, rotateEvery: value }))).toEqual([
      expect.stringMatching(
        /^RUNTIMES\[0\]\.rotateEvery: .* is not accepted; give an ISO 8601 duration in weeks,/,
      ),
    ]);
  });

  test("an empty text is left out as a setting, but not in an entry", () => {
    expect(problemsOf(withRuntimes({ id: ID, overlap: "" }))).toEqual([
      'RUNTIMES[0].overlap: "" is not accepted; give an ISO 8601 duration in weeks, days, hours, minutes or seconds, such as "P2D" (years and months vary in length)',
    ]);
  });
});

describe("a duration that is out of bounds", () => {
  test.each([
    ["ROTATE_EVERY", "PT0S", 'a duration longer than zero, such as "P30D"'],
    ["ROTATE_EVERY", "PT0.0004S", 'a duration longer than zero, such as "P30D"'],
    ["ROTATE_EVERY", "P3651D", 'at most "P3650D"'],
    ["ROTATE_EVERY", "P3650DT1S", 'at most "P3650D"'],
    ["OVERLAP", "P0D", 'a duration longer than zero, such as "P2D"'],
    ["OVERLAP", "PT9M59S", 'at least "PT10M"'],
    ["OVERLAP", "P522W", 'at most "P3650D"'],
    ["SOAK", "PT9M59S", 'at least "PT10M"'],
    ["SOAK", "P2DT1S", 'at most "P2D"'],
    ["SOAK", "PT0S", 'a duration longer than zero, such as "PT20H"'],
    ["VALIDITY", "P0W", 'a duration longer than zero, such as "P60D"'],
    ["VALIDITY", "P9999999D", 'at most "P3650D"'],
  ])("%s %s", (name, text, accepted) => {
    expect(problemsOf(settings({ [name]: text }))).toEqual([
      `${name}: "${text}" is not accepted; give ${accepted}`,
    ]);
  });

  test("one with more digits than a number can hold", () => {
    expect(problemsOf(settings({ VALIDITY: `P${"9".repeat(400)}D` }))).toEqual([
      `VALIDITY: "P${"9".repeat(76)}…" is not accepted; give at most "P3650D"`,
    ]);
  });
});

describe("overlap, rotateEvery and validity", () => {
  test.each<[string, Record<string, string>, object, string]>([
    [
      "both are settings",
      { OVERLAP: "P5D", ROTATE_EVERY: "P5D" },
      {},
      'OVERLAP: "P5D" is not accepted; give a duration shorter than ROTATE_EVERY, which is "P5D"',
    ],
    [
      "only the overlap is a setting",
      { OVERLAP: "P31D" },
      {},
      'OVERLAP: "P31D" is not accepted; give a duration shorter than ROTATE_EVERY, which is "P30D" by default',
    ],
    [
      "only rotateEvery is a setting",
      { ROTATE_EVERY: "PT48H" },
      {},
      'ROTATE_EVERY: "PT48H" is not accepted; give a duration longer than OVERLAP, which is "P2D" by default',
    ],
    [
      "the entry has the overlap",
      { ROTATE_EVERY: "P5D" },
      { overlap: "P6D" },
      'RUNTIMES[0].overlap: "P6D" is not accepted; give a duration shorter than ROTATE_EVERY, which is "P5D"',
    ],
    [
      "the entry has rotateEvery",
      { OVERLAP: "P5D" },
      { rotateEvery: "P4D" },
      'RUNTIMES[0].rotateEvery: "P4D" is not accepted; give a duration longer than OVERLAP, which is "P5D"',
    ],
    [
      "the entry has rotateEvery, below the default overlap",
      {},
      { rotateEvery: "PT1H" },
      'RUNTIMES[0].rotateEvery: "PT1H" is not accepted; give a duration longer than OVERLAP, which is "P2D" by default',
    ],
    [
      "the entry has both",
      {},
      { overlap: "P1W", rotateEvery: "P7D" },
      'RUNTIMES[0].overlap: "P1W" is not accepted; give a duration shorter than RUNTIMES[0].rotateEvery, which is "P7D"',
    ],
    [
      "the validity is a setting",
      { VALIDITY: "P30D" },
      {},
      'VALIDITY: "P30D" is not accepted; give a duration longer than ROTATE_EVERY, which is "P30D" by default',
    ],
    [
      "the validity is longer only in whole days",
      { VALIDITY: "PT60H", ROTATE_EVERY: "PT60H" },
      {},
      'VALIDITY: "PT60H" is not accepted; give a duration longer than ROTATE_EVERY, which is "PT60H"',
    ],
    [
      "the entry has the validity",
      {},
      { validity: "P29D" },
      'RUNTIMES[0].validity: "P29D" is not accepted; give a duration longer than ROTATE_EVERY, which is "P30D" by default',
    ],
    [
      "the entry rotates more rarely than VALIDITY",
      { VALIDITY: "P60D" },
      { rotateEvery: "P90D" },
      'RUNTIMES[0].rotateEvery: "P90D" is not accepted; give a duration shorter than VALIDITY, which is "P60D"',
    ],
  ])("%s", (_, given, entry, problem) => {
    expect(problemsOf({ ...withRuntimes({ id: ID, ...entry }), ...given })).toEqual([problem]);
  });

  test("settings that do not go together are one problem, however many inherit them", () => {
    const ids = ["ir-one", "ir-two", "ir-three"].map((name) => armId(name));
    expect(problemsOf({ ...withRuntimes(...ids), OVERLAP: "P40D" })).toEqual([
      'OVERLAP: "P40D" is not accepted; give a duration shorter than ROTATE_EVERY, which is "P30D" by default',
    ]);
  });

  test("settings that do not go together do not matter where no runtime inherits both", () => {
    const given = { ...withRuntimes({ id: ID, rotateEvery: "P50D", validity: "P51D" }, 5), OVERLAP: "P40D" };
    expect(problemsOf(given)).toEqual([expect.stringMatching(/^RUNTIMES\[1\]: 5 is not accepted/)]);
  });
});
