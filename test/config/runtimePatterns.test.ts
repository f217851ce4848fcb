import { describe, expect, test } from "vitest";
import { type Config, readConfig } from "../../src/config/config.ts";
import { configFor, covers } from "../../src/config/foundRuntime.ts";
import { parseRuntimeId, type RuntimeId } from "../../src/config/runtimeId.ts";
import { ISO, NAME, VAULT_MISSING } from "./formats.ts";
import { armId, problemsOf, settings, withRuntimes } from "./settings.ts";

const SUBSCRIPTION = "/subscriptions/11111111-2222-3333-4444-555555555555";
const FACTORIES = "/providers/Microsoft.DataFactory/factories";
const OF_FACTORY = `${SUBSCRIPTION}/resourceGroups/rg-one${FACTORIES}/factory-one/integrationRuntimes/*`;
const OF_GROUP = `${SUBSCRIPTION}/resourceGroups/rg-one${FACTORIES}/*/integrationRuntimes/*`;
const OF_SUBSCRIPTION = `${SUBSCRIPTION}${FACTORIES}/*/integrationRuntimes/*`;
const FORMAT =
  'a pattern, in which "*" stands for all: /subscriptions/{guid}/resourceGroups/{group}/providers/Microsoft.DataFactory/factories/{factory}/integrationRuntimes/*, or "*" for {factory} too, with or without /resourceGroups/{group}';

function idOf(text: string): RuntimeId {
  const id = parseRuntimeId(text);
  if (id === undefined || !("key" in id)) throw new Error(`${text} is no id`);
  return id;
}
const patternsOf = (...entries: unknown[]) => readConfig(withRuntimes(...entries)).patterns;
const found = (config: Config, ...id: Parameters<typeof armId>) => configFor(idOf(armId(...id)), config);

describe("a pattern", () => {
  test.each([
    ["a factory", OF_FACTORY, { resourceGroup: "rg-one", factory: "factory-one" }],
    ["a resource group", OF_GROUP, { resourceGroup: "rg-one", factory: undefined }],
    ["a subscription", OF_SUBSCRIPTION, { resourceGroup: undefined, factory: undefined }],
  ])("stands for the runtimes of %s, as text or as an object, in any case", (_, id, scope) => {
    const subscriptionId = "11111111-2222-3333-4444-555555555555";
    for (const entry of [id, { id }]) {
      const [pattern] = patternsOf(entry);
      expect(pattern).toMatchObject({ text: id, scope: { subscriptionId, ...scope } });
    }
    const [pattern] = patternsOf(id.toUpperCase());
    expect(pattern?.text).toBe(id.toUpperCase());
    expect(covers(pattern!, idOf(armId()))).toBe(true);
  });

  test("inherits the settings, and may say each of them for itself", () => {
    const own = {
      keyVaultUrl: "https://other.vault.azure.net",
      rotateEvery: "P10D",
      overlap: "PT10M",
      validity: "P11D",
      nodes: "ignore",
      paused: true,
    };
    const [plain, full] = patternsOf(OF_GROUP, { id: OF_SUBSCRIPTION, ...own });
    expect(plain?.settings).toEqual({
      vaultUrl: "https://contoso.vault.azure.net",
      rotateEvery: { text: "P30D", ms: 2_592_000_000 },
      overlap: { text: "P2D", ms: 172_800_000 },
      validityDays: 60,
      nodes: "watch",
      paused: false,
    });
    expect(full?.settings).toEqual({
      vaultUrl: "https://other.vault.azure.net",
      rotateEvery: { text: "P10D", ms: 864_000_000 },
      overlap: { text: "PT10M", ms: 600_000 },
      validityDays: 11,
      nodes: "ignore",
      paused: true,
    });
  });

  test("is no runtime: those with entries and the patterns are told apart, each in its order", () => {
    const config = readConfig(withRuntimes(OF_GROUP, armId("ir-two"), OF_FACTORY, armId("ir-one")));
    expect(config.runtimes.map(({ id }) => id.name)).toEqual(["ir-two", "ir-one"]);
    expect(config.patterns.map(({ text }) => text)).toEqual([OF_GROUP, OF_FACTORY]);
  });

  test("keeps what it leaves out as it was written", () => {
    const [pattern] = patternsOf({ id: OF_GROUP, except: ["IR-one", armId("IR-two")] });
    expect([...(pattern?.except ?? [])]).toEqual([
      ["ir-one", "IR-one"],
      [armId("ir-two").toLowerCase(), armId("IR-two")],
    ]);
  });
});

describe("a runtime that is found", () => {
  const config = readConfig(
    withRuntimes(
      { id: OF_FACTORY, rotateEvery: "P7D", except: ["IR-two", armId("ir-three")] },
      { id: armId("ir-own"), secretName: "its-own" },
      { id: OF_GROUP, rotateEvery: "P14D", except: ["ir-two"] },
      { id: OF_SUBSCRIPTION, rotateEvery: "P21D", except: ["ir-two"] },
    ),
  );

  test.each<[string, string | undefined, Parameters<typeof armId>]>([
    ["the first of several patterns", "P7D", ["ir-one"]],
    ["the first, whatever the case of its id", "P7D", ["IR-ONE", "FACTORY-ONE", "RG-ONE"]],
    ["the next, where the first leaves it out by its id", "P14D", ["ir-three"]],
    ["the one of its group, where it is of another factory", "P14D", ["ir-three", "factory-two"]],
    [
      "the one of its subscription, where it is of another group",
      "P21D",
      ["ir-one", "factory-one", "rg-two"],
    ],
    ["its own entry before all patterns", "P30D", ["ir-own"]],
    ["none, where all leave it out by its name", undefined, ["IR-Two"]],
  ])("follows %s", (_, every, id) => {
    expect(found(config, ...id)?.rotateEvery.text).toBe(every);
  });

  test("of another provider, no pattern covers, not even where the workspace has the factory's name", () => {
    const id = idOf(armId());
    const elsewhere = { ...id, provider: "Microsoft.Synapse" as RuntimeId["provider"] };
    for (const pattern of patternsOf(OF_FACTORY, OF_GROUP, OF_SUBSCRIPTION)) {
      expect(covers(pattern, id)).toBe(true);
      expect(covers(pattern, elsewhere)).toBe(false);
    }
  });

  test("of another subscription, no pattern covers", () => {
    const id = idOf(armId().replace("11111111", "22222222"));
    expect(configFor(id, config)).toBeUndefined();
  });

  test("is configured as if it had an entry of its own", () => {
    const id = armId("ir-one", "factory-two");
    const [configured] = readConfig(withRuntimes({ id, rotateEvery: "P14D" })).runtimes;
    expect(configFor(idOf(id), config)).toEqual(configured);
    expect(found(config, "ir-own")?.secretName).toBe("its-own");
  });

  test("has the longest names: they make a secret name of 127 characters", () => {
    const long = "a".repeat(63);
    expect(found(config, long, long)?.secretName).toBe(`${long}-${long}`);
  });
});

describe("a mistake in a pattern", () => {
  const wrong = (id: string, ...problems: string[]): [string, unknown[], ...string[]] => [
    id,
    [id],
    ...problems.map((problem) => `RUNTIMES[0]: ${problem}`),
  ];
  const shown = (id: string) => `"${id.slice(0, 77)}…" is not accepted; give ${FORMAT}`;
  const partial = `${OF_FACTORY.slice(0, -1)}ir-*`;
  const withoutGroup = `${SUBSCRIPTION}${FACTORIES}/factory-one/integrationRuntimes/*`;
  const known = "known properties are id, except, keyVaultUrl, rotateEvery, overlap, validity, nodes, paused";

  test.each<[string, unknown[], ...string[]]>([
    wrong("*", `"*" is not accepted; give ${FORMAT}`),
    wrong(partial, shown(partial)),
    wrong(withoutGroup, shown(withoutGroup)),
    wrong(OF_SUBSCRIPTION.replace(/\/11[^/]+/, "/*"), 'the subscription "*" is not accepted; give a GUID'),
    wrong(
      OF_GROUP.replace("rg-one", "*"),
      'the resource group "*" is not accepted; give at most 90 letters, digits and characters of -_.() that do not end in a dot',
    ),
    wrong(
      OF_FACTORY.replace("factory-one", "factory-*"),
      `the factory "factory-*" is not accepted; give ${NAME}`,
    ),
    [
      "a secret for all that it finds",
      [{ id: OF_GROUP, secretName: "keys" }],
      `RUNTIMES[0]: unknown property "secretName"; ${known}`,
    ],
    [
      "exceptions of an entry that is no pattern",
      [{ id: armId(), except: [] }],
      'RUNTIMES[0]: unknown property "except"; known properties are id, secretName, keyVaultUrl, rotateEvery, overlap, validity, nodes, paused',
    ],
    [
      "an exception that is no list",
      [{ id: OF_GROUP, except: "ir-one" }],
      'RUNTIMES[0].except: "ir-one" is not accepted; give a list of ARM ids or names of runtimes',
    ],
    [
      "exceptions of all kinds that are none",
      [{ id: OF_GROUP, except: ["ir-one", 5, "ir_two", armId("ir-*"), OF_FACTORY.slice(0, -2), ""] }],
      "RUNTIMES[0].except[1]: 5 is not accepted; give the ARM id or the name of a runtime",
      `RUNTIMES[0].except[2]: the integration runtime "ir_two" is not accepted; give ${NAME}`,
      `RUNTIMES[0].except[3]: the integration runtime "ir-*" is not accepted; give ${NAME}`,
      `RUNTIMES[0].except[4]: "${OF_FACTORY.slice(0, 77)}…" is not accepted; give the ARM id or the name of a runtime`,
      `RUNTIMES[0].except[5]: the integration runtime "" is not accepted; give ${NAME}`,
    ],
    [
      "settings that do not go together",
      [{ id: OF_GROUP, rotateEvery: "P2D", validity: "soon" }],
      `RUNTIMES[0].validity: "soon" is not accepted; give ${ISO("P60D")}`,
      'RUNTIMES[0].rotateEvery: "P2D" is not accepted; give a duration longer than OVERLAP, which is "P2D" by default',
    ],
    [
      "the same pattern twice",
      [OF_GROUP, armId(), { id: OF_GROUP.toLowerCase(), paused: true }],
      "RUNTIMES[2]: this pattern is already listed at RUNTIMES[0]; list each pattern once",
    ],
  ])("%s", (_, entries, ...problems) => {
    expect(problemsOf(withRuntimes(...entries))).toEqual(problems);
  });

  test("no vault", () => {
    const given = settings({ RUNTIMES: JSON.stringify([OF_GROUP]), KEY_VAULT_URL: undefined });
    expect(problemsOf(given)).toEqual([VAULT_MISSING]);
  });
});
