import { expect, test } from "vitest";
import { findRuntimes } from "../../src/config/findRuntimes.ts";
import { armId, configOf } from "./settings.ts";

const ONE = armId("ir-one");
const OTHER = armId("ir-one", "factory-two");
const found = (names: string[], ...runtimes: unknown[]) => {
  const { runtimes: all, ambiguous, unknown, isComplete } = findRuntimes(names, configOf(...runtimes));
  const several = [...ambiguous].map(([name, those]) => [name, those.map(({ id }) => id.text)]);
  return { runtimes: all.map(({ id }) => id.text), several, unknown: [...unknown], isComplete };
};

test.each([
  ["its ARM id", ONE.toUpperCase()],
  ["its own name", "IR-ONE"],
  ["the name of its secret", "Spare"],
])("a runtime is found by %s, in any case", (_, name) => {
  expect(found([name], { id: ONE, secretName: "spare" })).toEqual({
    runtimes: [ONE],
    several: [],
    unknown: [],
    isComplete: true,
  });
});

test("each runtime is found once, in the order of the names", () => {
  const two = armId("ir-two");
  expect(found(["ir-two", "ir-one", two], ONE, two).runtimes).toEqual([two, ONE]);
});

test("a name of several runtimes finds none of them, and says which have it", () => {
  const { runtimes, several } = found(["ir-one", OTHER], ONE, OTHER);
  expect(runtimes).toEqual([OTHER]);
  expect(several).toEqual([["ir-one", [ONE, OTHER]]]);
});

test("a name of no runtime is unknown, also one that every object has", () => {
  expect(found(["nobody", "__proto__"], ONE).unknown).toEqual(["nobody", "__proto__"]);
});

test("an ARM id that a pattern covers is found without a list, unless the pattern leaves it out", () => {
  const pattern = { id: armId("*"), except: ["left-out"] };
  const all = found([ONE.toUpperCase(), ONE, armId("left-out")], pattern);
  expect(all).toEqual({ runtimes: [ONE], several: [], unknown: [armId("left-out")], isComplete: true });
});

test("beside a pattern, any other name may be that of a runtime which is not found yet", () => {
  expect(found(["ir-one"], ONE, armId("*", "factory-two")).isComplete).toBe(false);
  expect(found([ONE], ONE, armId("*", "factory-two")).isComplete).toBe(true);
});
