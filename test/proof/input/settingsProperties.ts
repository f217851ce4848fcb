import assert from "node:assert/strict";
import fc from "fast-check";
import { type Config, readConfig } from "../../../src/config/config.ts";
import { ConfigurationError } from "../../../src/config/configurationError.ts";
import type { Settings } from "../../config/settings.ts";
import { brokenSettings } from "./brokenSettings.ts";
import { checkConfig } from "./checkConfig.ts";
import { checkFlaws, checkProblems } from "./checkProblems.ts";
import { meaning, settingsFor } from "./meantSettings.ts";
import { type Figure, Tally } from "./tally.ts";
import { editedSettings, rawSettings, wildSettings } from "./wildSettings.ts";

/** Checks what is read of app settings, `scale` thousand cases for a weight of one. */
export function proveSettings(seed: number, scale: number): readonly Figure[] {
  const check = <T>(
    property: string,
    weight: number,
    arbitrary: fc.Arbitrary<T>,
    isValid: (given: T) => boolean,
  ) => {
    const tally = new Tally();
    const numRuns = Math.ceil(weight * scale * 1000);
    fc.assert(
      fc.property(arbitrary, (given) => tally.count(isValid(given))),
      { seed, numRuns },
    );
    return tally.figure(property);
  };
  return [
    check("settings: what is valid is read as it was meant", 40, meaning, (meant) => {
      const { settings, config } = settingsFor(meant);
      assert.deepEqual(readConfig(settings), config);
      return true;
    }),
    check(
      "settings: every wrong part is named with its place and value, and no other",
      40,
      brokenSettings,
      (broken) => {
        const problems = read(broken.settings);
        assert.ok(Array.isArray(problems), "wrong settings are accepted");
        checkProblems(problems);
        checkFlaws(problems, broken.flaws);
        return false;
      },
    ),
    check("settings: parts of all kinds are read in full or refused", 20, wildSettings, isSound),
    check("settings: edited texts are read in full or refused", 20, editedSettings, ({ before, after }) => {
      const accepted = isSound(after);
      if (hasSameMeaning(before, after)) assert.deepEqual(read(after), read(before));
      return accepted;
    }),
    check("settings: raw bytes are read in full or refused", 20, rawSettings, isSound),
  ];
}

/** What is read, or the problems; anything else that is thrown is a defect. */
function read(settings: Settings): Config | readonly string[] {
  try {
    return readConfig(settings);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    assert.ok(error.message.endsWith(error.problems.map((problem) => `- ${problem}`).join("\n")));
    return error.problems;
  }
}

/** Whether settings are accepted, after checking that whatever came of them is as it should be. */
function isSound(settings: Settings): boolean {
  const result = read(settings);
  if ("runtimes" in result) {
    checkConfig(result, JSON.parse(settings.RUNTIMES?.trim() ?? "").length);
    return true;
  }
  checkProblems(result);
  return false;
}

function hasSameMeaning(before: Settings, after: Settings): boolean {
  const meaningOf = ({ RUNTIMES = "", ...others }: Settings) => {
    try {
      return JSON.stringify([JSON.parse(RUNTIMES.trim()), others]);
    } catch {
      return undefined;
    }
  };
  const wanted = meaningOf(before);
  return wanted !== undefined && wanted === meaningOf(after);
}
