import { describe, expect, test } from "vitest";
import { armId, problemsOf, withRuntimes } from "./settings.ts";

const ID = armId();

describe("duplicates", () => {
  test.each<[string, unknown[], ...string[]]>([
    [
      "the same id in another case",
      [ID, armId("ir-two"), ID.toLowerCase().replace("ir-one", "IR-one")],
      'RUNTIMES[2]: runtime "IR-one" of factory "factory-one" is already listed at RUNTIMES[0]; list each runtime once',
    ],
    [
      "the same id with another secret",
      [ID, { id: ID, secretName: "other" }],
      'RUNTIMES[1]: runtime "ir-one" of factory "factory-one" is already listed at RUNTIMES[0]; list each runtime once',
    ],
    [
      "the same id three times",
      [ID, ID, ID],
      'RUNTIMES[1]: runtime "ir-one" of factory "factory-one" is already listed at RUNTIMES[0]; list each runtime once',
      'RUNTIMES[2]: runtime "ir-one" of factory "factory-one" is already listed at RUNTIMES[0]; list each runtime once',
    ],
    [
      "the same secret in another case",
      [ID, { id: armId("ir-two"), secretName: "Factory-One-IR-One" }],
      'RUNTIMES[1]: secret "Factory-One-IR-One" in https://contoso.vault.azure.net is already used by RUNTIMES[0]; give one of the two a different secretName',
    ],
    [
      "the same vault in another case",
      [
        ID,
        {
          id: armId("ir-two"),
          secretName: "factory-one-ir-one",
          keyVaultUrl: "https://CONTOSO.vault.azure.net:443/",
        },
      ],
      'RUNTIMES[1]: secret "factory-one-ir-one" in https://contoso.vault.azure.net is already used by RUNTIMES[0]; give one of the two a different secretName',
    ],
    [
      "default secret names that meet",
      [armId("c-runtime", "a-b"), armId("b-runtime", "a-b"), armId("runtime", "a-b-c")],
      'RUNTIMES[2]: secret "a-b-c-runtime" in https://contoso.vault.azure.net is already used by RUNTIMES[0]; give one of the two a different secretName',
    ],
    [
      "runtimes of one name in two groups",
      [ID, armId("ir-one", "factory-one", "rg-two")],
      'RUNTIMES[1]: secret "factory-one-ir-one" in https://contoso.vault.azure.net is already used by RUNTIMES[0]; give one of the two a different secretName',
    ],
  ])("%s", (_, entries, ...problems) => {
    expect(problemsOf(withRuntimes(...entries))).toEqual(problems);
  });

  test.each<[string, unknown[], number]>([
    [
      "two vaults that are refused",
      [
        { id: ID, secretName: "same", keyVaultUrl: "contoso" },
        { id: armId("ir-two"), secretName: "same", keyVaultUrl: "contoso" },
      ],
      0,
    ],
    [
      "two secret names that are refused",
      [
        { id: ID, secretName: "no name" },
        { id: armId("ir-two"), secretName: "no name" },
      ],
      0,
    ],
    ["two ids that are refused", ["ir-one", "ir-one"], 0],
    [
      "two ids that are refused, with one secret",
      [
        { id: "x", secretName: "same" },
        { id: "y", secretName: "same" },
      ],
      1,
    ],
    [
      "an id that is refused, before another's secret",
      [{ id: "x", secretName: "factory-one-ir-one" }, ID],
      1,
    ],
    ["an id that is refused, with another's secret", [ID, { id: "x", secretName: "factory-one-ir-one" }], 1],
  ])("of %s are told only where they are certain", (_, entries, count) => {
    const told = problemsOf(withRuntimes(...entries)).filter((problem) => problem.includes("already"));
    expect(told).toHaveLength(count);
  });
});
