import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { loadService, runtimeId, VAULT } from "../support/service.ts";
import { deployed } from "./deployed.ts";
import { all, snapshotOf } from "./snapshots.ts";
import { missing, runtime, useCompiler } from "./useCompiler.ts";

const LIST = "Microsoft.DataFactory/factories/read";
const ONE = "/subscriptions/11111111-1111-1111-1111-111111111111";
const TWO = "/subscriptions/22222222-2222-2222-2222-222222222222";
const inFactory = runtime("*");
const inGroup = inFactory.replace("adf-sales", "*");
const inSubscription = inGroup.replace("/resourceGroups/rg-data", "");

describe("patterns", () => {
  const { of, settings } = snapshotOf("patterns");

  test("reach the app as they are, with all that an entry can say, and what they leave out", () => {
    const { patterns, runtimes } = readConfig(deployed(settings));
    expect(patterns.map(({ text }) => text)).toEqual([
      `${ONE}/resourceGroups/rg-sales/providers/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/*`,
      `${ONE}/resourceGroups/rg-plants/providers/Microsoft.DataFactory/factories/*/integrationRuntimes/*`,
      `${TWO}/providers/Microsoft.DataFactory/factories/*/integrationRuntimes/*`,
    ]);
    const [sales, , all] = patterns;
    expect([...sales!.except.values()].map((text) => text.split("/").at(-1))).toEqual(["onprem", "lab"]);
    expect(sales!.settings.vaultUrl).toBe("https://kv-sales.vault.azure.net");
    expect(sales!.settings.rotateEvery.text).toBe("P90D");
    expect(all!.settings.nodes).toBe("ignore");
    expect(runtimes.map(({ secretName }) => secretName)).toEqual(["adf-sales-onprem"]);
  });

  test("of one factory are watched for expiry by how their secrets' names begin, of several by every secret of the vault", () => {
    const filters = of("Microsoft.EventGrid/eventSubscriptions").map(({ id, properties }) => [
      id.split("/vaults/")[1]!.split("/")[0],
      properties.filter.advancedFilters,
    ]);
    expect(filters).toEqual([
      ["kv-irkeys4uutrqilimnuo", []],
      // The entry beside it is covered by this too, and is not told of twice.
      ["kv-sales", [{ key: "subject", operatorType: "StringBeginsWith", values: ["adf-sales-"] }]],
    ]);
  });

  test("make the right to list factories needed, and nothing else; without them nobody has it", () => {
    for (const { name, of } of all) {
      const roles = of("Microsoft.Authorization/roleDefinitions").map(({ properties }) =>
        properties.permissions.flatMap(({ actions = [] }) => actions),
      );
      const listing = roles.filter((actions) => actions.includes(LIST));
      expect([name, listing]).toEqual([name, name === "patterns" ? [[LIST]] : []]);
    }
  });
});

describe("measured against what the app calls", () => {
  const azure = useLocalAzure({ storage: true });

  const actionsFor = async (pattern: string): Promise<Set<string>> => {
    azure().addVault(VAULT);
    azure().addRuntime(runtimeId("ir-1"));
    const service = await loadService({
      ...azure().env,
      KEY_VAULT_URL: VAULT,
      RUNTIMES: JSON.stringify([pattern]),
    });
    expect((await service.tick()).failure).toBeUndefined();
    const called = azure().calls.flatMap(({ action }) => action ?? []);
    return new Set(called.filter((action) => action.startsWith("Microsoft.DataFactory")));
  };
  const listing = "Microsoft.DataFactory/factories/integrationruntimes/read";

  test("a pattern over a factory lists no factories, one over several does", async () => {
    const pattern = runtimeId("*");
    const ofFactory = await actionsFor(pattern);
    expect([ofFactory.has(listing), ofFactory.has(LIST)]).toEqual([true, false]);
    azure().reset();
    const ofGroup = await actionsFor(pattern.replace("factories/contoso", "factories/*"));
    expect(ofGroup).toEqual(new Set([...ofFactory, LIST]));
  });
});

describe.skipIf(missing !== undefined)("no deployment begins", { timeout: 120_000 }, () => {
  const { bicep, parameterFile } = useCompiler();
  const vault = (scope: string) =>
    `vault: { id: '${ONE}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-sales'${scope} }`;

  test.each([
    ["a secret's name", `{ id: '${inFactory}', secretName: 'one' }`, /a pattern takes no secretName/],
    [
      "a role on secrets that nobody knows",
      `{ id: '${inFactory}', ${vault("")} }`,
      /takes roleScope: 'vault'/,
    ],
    [
      "the same, asked for",
      `{ id: '${inGroup}', ${vault(", roleScope: 'secret'")} }`,
      /or leave `vault` out/,
    ],
    ["no runtime to leave out", `{ id: '${inFactory}', except: ['a_b'] }`, /except: "a_b" is neither/],
    ["a pattern to leave out", `{ id: '${inGroup}', except: ['${inFactory}'] }`, /is neither the ARM id nor/],
    [
      "one runtime of all factories",
      `{ id: '${inGroup.replace(/\*$/, "onprem")}' }`,
      /ends in integrationRuntimes/,
    ],
    [
      "a factory without its group",
      `{ id: '${inSubscription.replace("*/", "adf-sales/")}' }`,
      /has another form/,
    ],
    [
      "a subscription that is no GUID",
      `{ id: '${inSubscription.replace("11111111-", "1111111g-")}' }`,
      /is no GUID/,
    ],
    ["the same pattern twice", `{ id: '${inFactory}' }, { id: '${inFactory.toUpperCase()}' }`, /the same id/],
  ])("with a pattern that has %s", async (_, entries, because) => {
    const path = await parameterFile({ runtimes: `[${entries}]` });
    await expect(bicep().snapshot(path)).rejects.toThrow(because);
  });

  test("with a runtime that leaves others out, or existing roles without that of the finder", async () => {
    const single = await parameterFile({ runtimes: `[{ id: '${runtime()}', except: ['two'] }]` });
    await expect(bicep().snapshot(single)).rejects.toThrow(/only a pattern takes `except`/);
    const roles =
      "{ dataFactory: '44444444-4444-4444-4444-444444444444', vault: '55555555-5555-5555-5555-555555555555' }";
    const unfound = await parameterFile({ roles, runtimes: `[{ id: '${inGroup}' }]` });
    await expect(bicep().snapshot(unfound)).rejects.toThrow(/takes roles\.finder/);
  });
});
