import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { check } from "./template.ts";
import { missing, runtime, useCompiler } from "./useCompiler.ts";

if (missing !== undefined) console.warn(`The template is not compiled: ${missing}`);

if (missing !== undefined) {
  test("there is a Bicep compiler", ({ skip }) => {
    // A laptop may do without one, CI may not.
    skip(!process.env.CI, "no Bicep compiler");
    expect(missing).toBeUndefined();
  });
}

describe.skipIf(missing !== undefined)("the Bicep compiler", { timeout: 120_000 }, () => {
  const { bicep, parameterFile } = useCompiler();

  test("has nothing to say about infra/, and makes the committed snapshots of it", async () => {
    expect((await check(bicep(), { update: false })).problems).toEqual([]);
  });

  // Several mistakes to a file, because compiling is what takes time.
  test.each<[string, Record<string, [value: string, finding: RegExp]>]>([
    [
      "values out of bounds",
      {
        runtimes: ["[]", /minimum allowable length is 1/],
        alertEmails: ["[]", /minimum allowable length is 1/],
        tick: ["{ hour: 24, minute: 0, timesPerDay: 1 }", /maximum allowable value is 23/],
        rotateEveryDays: ["1", /minimum allowable value is 2/],
        // So soon an expiry would have the vault warn while all is well.
        graceDays: ["31", /minimum allowable value is 32/],
        networking: ["{ kind: 'secret' }", /'newVirtualNetwork'/],
        roles: ["{ vault: '55555555-5555-5555-5555-555555555555' }", /dataFactory/],
      },
    ],
    [
      "five ticks a day, an unknown property, a network without its range",
      {
        runtimes: [`[{ id: '${runtime()}', secret: 's' }]`, /"secret" is not allowed/],
        tick: ["{ hour: 0, minute: 0, timesPerDay: 5 }", /maximum allowable value is 4/],
        networking: ["{ kind: 'newVirtualNetwork' }", /addressPrefix/],
      },
    ],
    [
      "less than one tick a day, half an id",
      {
        runtimes: ["[{ id: '/subscriptions/x' }]", /minimum allowable length is 117/],
        tick: ["{ hour: 0, minute: 0, timesPerDay: 0 }", /minimum allowable value is 1/],
      },
    ],
  ])("refuses %s", async (_, mistakes) => {
    const values = Object.entries(mistakes).map(([parameter, [value]]) => [parameter, value]);
    const path = await parameterFile(Object.fromEntries(values));
    const { success, diagnostics } = await bicep().compileParams(path);
    expect(success).toBe(false);
    const lines = (await readFile(path, "utf8")).split("\n");
    for (const [parameter, [, finding]] of Object.entries(mistakes)) {
      const line = lines.findIndex((text) => text.startsWith(`param ${parameter} `));
      const found = diagnostics.filter(({ range }) => range.start.line === line);
      expect(found.map(({ message }) => message).join("\n")).toMatch(finding);
    }
  });
});
