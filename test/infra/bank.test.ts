import { describe, expect, test } from "vitest";
import { all, type Resource, type Snapshot, snapshotOf } from "./snapshots.ts";
import { missing, runtime, useCompiler } from "./useCompiler.ts";

/** Each option: what it looks like in a deployment where it is on, and where it is off, the default. */
const options: Record<string, [look: (of: Snapshot["of"]) => unknown, on: unknown, off: unknown]> = {
  "a lock against deleting the vault": [
    (of) =>
      of("Microsoft.Authorization/locks").map(({ id, properties }) => [
        id.split("/providers/")[1],
        properties.level,
      ]),
    [["Microsoft.KeyVault/vaults/kv-irkeys4uutrqilimnuo", "CanNotDelete"]],
    [],
  ],
  "a plan in all zones": [(of) => of("Microsoft.Web/serverfarms")[0]!.properties.zoneRedundant, true, false],
  "storage in all zones": [
    (of) => of("Microsoft.Storage/storageAccounts")[0]!.sku,
    { name: "Standard_ZRS" },
    { name: "Standard_LRS" },
  ],
  "storage that encrypts twice": [
    (of) => of("Microsoft.Storage/storageAccounts")[0]!.properties.encryption,
    { keySource: "Microsoft.Storage", requireInfrastructureEncryption: true },
    undefined,
  ],
  "blobs and containers that can be restored": [
    (of) => of("Microsoft.Storage/storageAccounts/blobServices")[0]!.properties ?? {},
    {
      deleteRetentionPolicy: { enabled: true, days: 7 },
      containerDeleteRetentionPolicy: { enabled: true, days: 7 },
    },
    {},
  ],
  "logs that come from inside only": [
    (of) =>
      ["Microsoft.OperationalInsights/workspaces", "Microsoft.Insights/components"].map(
        (type) => of(type)[0]!.properties.publicNetworkAccessForIngestion,
      ),
    ["Disabled", "Disabled"],
    ["Enabled", "Enabled"],
  ],
  "alerts on the vault's audit log": [
    (of) =>
      of("Microsoft.Insights/scheduledQueryRules")
        .map(({ name, properties }) => [name.split("-irkeys")[0], properties.severity])
        .filter(([name]) => name.startsWith("alert-vault-")),
    [
      ["alert-vault-refused-reads", 2],
      ["alert-vault-deletions", 1],
      ["alert-vault-foreign-writers", 1],
    ],
    [],
  ],
};

describe.each(Object.entries(options))("%s", (_, [look, on, off]) => {
  test("is there where it is asked for", () => {
    expect(look(snapshotOf("bank").of)).toEqual(on);
  });

  test.each(all.filter(({ name }) => name !== "bank"))("is not paid for in $name", ({ of }) => {
    expect(look(of)).toEqual(off);
  });
});

test("the app is the one who may write into the vault without an alert", () => {
  const { of } = snapshotOf("bank");
  const rule = of("Microsoft.Insights/scheduledQueryRules").find(({ name }) =>
    name.includes("foreign-writers"),
  )!;
  const { query } = rule.properties.criteria.allOf[0];
  const principal = of("Microsoft.Authorization/roleAssignments")[0]!.properties.principalId;
  // Both are of the identity that is made here, and known once it is.
  expect(query.endsWith(`, '00000000-0000-0000-0000-000000000000', ${principal.slice(1, -1)})]`)).toBe(true);
  expect(query.split("00000000-0000-0000-0000-000000000000")[1]).toMatch(/^";\nAzureDiagnostics/);
});

test("three declarations of a compromise within an hour ring the alert of the highest severity, within minutes", () => {
  for (const { name, of } of all) {
    const rules = of("Microsoft.Insights/scheduledQueryRules");
    const highest = rules.filter(({ properties }) => properties.severity === 0);
    expect([name, highest.map(({ properties }) => properties.displayName)]).toEqual([
      name,
      ["Keys are declared compromised again and again"],
    ]);
    expect(highest[0]!.properties).toMatchObject({ evaluationFrequency: "PT5M", windowSize: "PT2H" });
  }
});

/** Azure has no tags for these. */
const WITHOUT_TAGS =
  /^Microsoft\.(Authorization|EventGrid)\/|diagnosticSettings$|\/(subnets|blobServices|containers|basicPublishingCredentialsPolicies|config|extensions|privateDnsZoneGroups)$/;

test("everything that can have tags has those of the deployment, and one resource more where it is exempt", () => {
  const { resources } = snapshotOf("bank");
  const tagged = resources.filter(({ type }) => !WITHOUT_TAGS.test(type));
  expect(tagged.length).toBeGreaterThan(15);
  // A secret of somebody else's vault has the tags of the convention and no others.
  for (const { type, tags } of tagged.filter(({ type }) => type !== "Microsoft.KeyVault/vaults/secrets")) {
    expect([type, tags]).toEqual([
      type,
      expect.objectContaining({ owner: "data-platform", costCentre: "4711" }),
    ]);
  }
  const exempt = resources.filter(({ tags }) => tags !== undefined && "policy-exempt" in (tags as object));
  expect(exempt.map(({ type }) => type)).toEqual(["Microsoft.Storage/storageAccounts"]);
});

describe.skipIf(missing !== undefined)("no deployment begins", { timeout: 120_000 }, () => {
  const { bicep, parameterFile } = useCompiler();
  const elsewhere = `[{ id: '${runtime()}', vault: { id: '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-sales' } }]`;

  test.each<[string, Record<string, string>, RegExp]>([
    [
      "a lock on a vault of others",
      { hardening: "{ lockVault: true }", runtimes: elsewhere },
      /lockVault: every runtime has an existing vault/,
    ],
    [
      "alerts on a log of others",
      { hardening: "{ vaultAlerts: true }", runtimes: elsewhere },
      /vaultAlerts: .* its audit log is its owner's/,
    ],
    [
      "logs that could not come",
      { hardening: "{ privateLogIngestion: true }" },
      /privateLogIngestion: .* set networking, too/,
    ],
  ])("that asks for %s", async (_, values, because) => {
    await expect(bicep().snapshot(await parameterFile(values))).rejects.toThrow(because);
  });

  test("with tags of a resource that there is none of", async () => {
    const { success } = await bicep().compileParams(
      await parameterFile({ exemptionTags: "{ network: { a: 'b' } }" }),
    );
    expect(success).toBe(false);
  });

  test("but tags reach the app and the vault, too, where they are exempt", async () => {
    const path = await parameterFile({
      exemptionTags: "{ app: { exempt: 'app' }, vault: { exempt: 'vault' } }",
      addresses: "loadJsonContent('../../../infra/snapshots/publicCloud.json')",
    });
    const { predictedResources } = (await bicep().snapshot(path)) as { predictedResources: Resource[] };
    const exempt = predictedResources.filter(
      ({ tags }) => tags !== undefined && "exempt" in (tags as object),
    );
    expect(exempt.map(({ type }) => type).sort()).toEqual([
      "Microsoft.KeyVault/vaults",
      "Microsoft.Web/serverfarms",
      "Microsoft.Web/sites",
    ]);
  });
});
