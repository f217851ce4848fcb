import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bicep } from "./bicep.ts";
import { findBicep } from "./findBicep.ts";
import { infra, problemsOf } from "./template.ts";

const found = await findBicep();
if ("missing" in found) console.warn(`The template is not compiled: ${found.missing}`);

if ("missing" in found) {
  test("there is a Bicep compiler", ({ skip }) => {
    // A laptop may do without one, CI may not.
    skip(!process.env.CI, "no Bicep compiler");
    expect(found).toHaveProperty("path");
  });
}

describe.skipIf("missing" in found)("the Bicep compiler", { timeout: 120_000 }, () => {
  const scratch = join(infra, "../.tools/scratch");
  let bicep: Bicep;
  let folder: string;

  beforeAll(async () => {
    bicep = new Bicep("path" in found ? found.path : "");
    await mkdir(scratch, { recursive: true });
    folder = await mkdtemp(join(scratch, "parameters-"));
  });
  afterAll(async () => {
    await bicep[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** A parameter file that is right but for these values. */
  async function parameterFile(name: string, values: Record<string, string>): Promise<string> {
    const all = { alertEmails: "['ops@example.com']", runtimes: `[{ id: '${id()}' }]`, ...values };
    const lines = Object.entries(all).map(([parameter, value]) => `param ${parameter} = ${value}`);
    const path = join(folder, `${name}.bicepparam`);
    await writeFile(path, `using '${relative(folder, join(infra, "main.bicep"))}'\n${lines.join("\n")}\n`);
    return path;
  }

  test("has nothing to say about infra/, and makes the committed snapshots of it", async () => {
    expect(await problemsOf(bicep, { update: false })).toEqual([]);
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
        runtimes: [`[{ id: '${id()}', secret: 's' }]`, /"secret" is not allowed/],
        tick: ["{ hour: 0, minute: 0, timesPerDay: 5 }", /maximum allowable value is 4/],
        networking: ["{ kind: 'newVirtualNetwork' }", /addressPrefix/],
      },
    ],
    [
      "less than one tick a day, half an id",
      {
        runtimes: ["[{ id: '/subscriptions/x' }]", /minimum allowable length is 138/],
        tick: ["{ hour: 0, minute: 0, timesPerDay: 0 }", /minimum allowable value is 1/],
      },
    ],
  ])("refuses %s", async (what, mistakes) => {
    const values = Object.entries(mistakes).map(([parameter, [value]]) => [parameter, value]);
    const path = await parameterFile(what.replaceAll(/\W+/g, "-"), Object.fromEntries(values));
    const { success, diagnostics } = await bicep.compileParams(path);
    expect(success).toBe(false);
    const lines = (await readFile(path, "utf8")).split("\n");
    for (const [parameter, [, finding]] of Object.entries(mistakes)) {
      const line = lines.findIndex((text) => text.startsWith(`param ${parameter} `));
      const found = diagnostics.filter(({ range }) => range.start.line === line);
      expect(found.map(({ message }) => message).join("\n")).toMatch(finding);
    }
  });

  const vault =
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-sales";
  test.each([
    [
      "an id of something else",
      `[{ id: '${id().replace("integrationRuntimes", "linkedServicesAndMore")}' }]`,
      /not the ARM id of an integration runtime/,
    ],
    [
      "an id of part of a runtime",
      `[{ id: '${id()}/nodes/one' }]`,
      /not the ARM id of an integration runtime/,
    ],
    [
      "a subscription that is no GUID",
      `[{ id: '${id().replace("11111111-", "11111111-1111-")}' }]`,
      /not the ARM id of an integration runtime/,
    ],
    [
      "a vault that is none",
      `[{ id: '${id()}', vault: { id: '${vault}/secrets/one' } }]`,
      /not the ARM id of a vault/,
    ],
    [
      "an overlap as long as the time between rotations",
      `[{ id: '${id()}', rotateEveryDays: 7, overlapHours: 168 }]`,
      /overlap of .* is not shorter/,
    ],
    [
      "the same runtime twice",
      `[{ id: '${id()}' }, { id: '${id().toUpperCase()}', secretName: 'other' }]`,
      /same id/,
    ],
    [
      "the same secret twice",
      `[{ id: '${id()}' }, { id: '${id("two")}', secretName: 'ADF-Sales-onprem' }]`,
      /same vault and secret name/,
    ],
  ])("lets no deployment begin with %s", async (what, runtimes, expected) => {
    const path = await parameterFile(what.replaceAll(" ", "-"), { runtimes });
    await expect(bicep.snapshot(path)).rejects.toThrow(expected);
  });
});

function id(runtime = "onprem"): string {
  return `/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/${runtime}`;
}
