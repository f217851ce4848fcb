import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { deployed } from "./deployed.ts";
import { all, snapshotOf } from "./snapshots.ts";
import { infra, queryFiles } from "./template.ts";

describe.each(all)("$name", ({ name, text, resources, of }) => {
  const isPublic = !["private-network", "existing-network", "estate", "bank"].includes(name);

  test("no secret, no key, and no connection string but the address of Application Insights", () => {
    expect(text).not.toMatch(
      /AccountKey|SharedAccessSignature|InstrumentationKey|list\w*Keys\(|password|IR@|sig=/i,
    );
    const address = `[reference('${of("Microsoft.Insights/components")[0]?.id}', '2020-02-02').ConnectionString]`;
    expect(snapshotOf(name).settings.APPLICATIONINSIGHTS_CONNECTION_STRING).toBe(address);
    const others = text.replace(address, "").replace('"APPLICATIONINSIGHTS_CONNECTION_STRING"', "");
    expect(others).not.toMatch(/connectionstring/i);
    for (const { properties } of of("Microsoft.Insights/components"))
      expect(properties.DisableLocalAuth).toBe(true);
    for (const { properties } of of("Microsoft.OperationalInsights/workspaces"))
      expect(properties.features.disableLocalAuth).toBe(true);
  });

  test("storage: no keys, no anonymous readers, TLS 1.2", () => {
    const [account, ...others] = of("Microsoft.Storage/storageAccounts");
    expect(others).toEqual([]);
    expect(account?.properties).toMatchObject({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      minimumTlsVersion: "TLS1_2",
      supportsHttpsTrafficOnly: true,
      publicNetworkAccess: isPublic ? "Enabled" : "Disabled",
      networkAcls: { defaultAction: isPublic ? "Allow" : "Deny", bypass: "None" },
    });
  });

  test("the vault: RBAC, nothing lost for good", () => {
    const vaults = of("Microsoft.KeyVault/vaults");
    expect(vaults).toHaveLength(["existing-network", "estate"].includes(name) ? 0 : 1);
    for (const { properties } of vaults) {
      expect(properties).toMatchObject({
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        enablePurgeProtection: true,
        publicNetworkAccess: isPublic ? "Enabled" : "Disabled",
      });
      expect(properties).not.toHaveProperty("accessPolicies");
    }
  });

  test("the app: Flex Consumption, Node 24, its identity for everything, no FTP and no passwords", () => {
    const [plan] = of("Microsoft.Web/serverfarms");
    expect(plan).toMatchObject({
      sku: { name: "FC1", tier: "FlexConsumption" },
      properties: { reserved: true },
    });
    const [app] = of("Microsoft.Web/sites");
    const identity = of("Microsoft.ManagedIdentity/userAssignedIdentities")[0]!.id;
    expect(app).toMatchObject({
      kind: "functionapp,linux",
      identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } },
      properties: {
        httpsOnly: true,
        siteConfig: { minTlsVersion: "1.2", scmMinTlsVersion: "1.2" },
        functionAppConfig: {
          runtime: { name: "node", version: "24" },
          deployment: {
            storage: {
              type: "blobContainer",
              authentication: { type: "UserAssignedIdentity", userAssignedIdentityResourceId: identity },
            },
          },
        },
      },
    });
    const policies = of("Microsoft.Web/sites/basicPublishingCredentialsPolicies");
    expect(policies.map(({ name, properties }) => [name.split("/")[1], properties])).toEqual([
      ["ftp", { allow: false }],
      ["scm", { allow: false }],
    ]);
  });

  test("what happens in vault and storage is written to Log Analytics", () => {
    const targets = of("Microsoft.Insights/diagnosticSettings").map(({ id, properties }) => {
      expect(properties.workspaceId).toBe(of("Microsoft.OperationalInsights/workspaces")[0]?.id);
      expect(properties.logs.every(({ enabled }: { enabled: boolean }) => enabled)).toBe(true);
      return id.split("/providers/Microsoft.Insights")[0];
    });
    const expected = [
      ...of("Microsoft.KeyVault/vaults"),
      ...of("Microsoft.Storage/storageAccounts/blobServices"),
    ];
    expect(targets.sort()).toEqual(expected.map(({ id }) => id).sort());
  });

  test("a second deployment finds the same names: all are known beforehand, and none twice", () => {
    expect(text).not.toMatch(/newGuid\(|utcNow\(/i);
    for (const { id, name } of resources) expect(`${id} ${name}`).not.toMatch(/[[\]]/);
    expect(new Set(resources.map(({ id }) => id.toLowerCase())).size).toBe(resources.length);
  });

  test("every alert tells the action group", async () => {
    const group = of("Microsoft.Insights/actionGroups")[0]!.id;
    const rules = of("Microsoft.Insights/scheduledQueryRules");
    expect(rules.map(({ name }) => name.replace(/^alert-|-irkeys-4uutrqilimnuo/g, ""))).toEqual([
      "failed-run",
      "missing-run",
      "stuck-runtime",
      "compromised",
      "compromised-often",
      "nodes-lost",
      "held-back",
      "forgotten-pause",
      ...(name === "bank" ? ["vault-refused-reads", "vault-deletions", "vault-foreign-writers"] : []),
    ]);
    const files = await queryFiles();
    for (const { name, properties } of rules) {
      expect(properties.actions.actionGroups).toContain(group);
      expect(properties.enabled).toBe(true);
      const [criterion] = properties.criteria.allOf;
      expect(criterion).toMatchObject({ timeAggregation: "Count", operator: "GreaterThan", threshold: 0 });
      const file = files.find((file) =>
        name.startsWith(`alert-${/([\w-]+)\.kql$/.exec(file.name)![1]}-irkeys`),
      );
      // What the template puts in: hours at once, and a principal once it is known.
      const asWritten = criterion.query
        .replace(/missingAfter = \d+h/, "missingAfter = 26h")
        .replace(/^\[replace\('(.*)', '0[0-]+', reference\(.*\)\.principalId\)\]$/s, "$1");
      expect(asWritten).toBe(file?.text);
      // Its text says of which runtime, what and why, where the query is about runtimes.
      expect(criterion.dimensions.map(({ name }: { name: string }) => name)).toEqual(
        file?.text.includes("Runtime =") ? ["Runtime", "Outcome", "Reason"] : [],
      );
      expect(properties).toMatchObject({ autoMitigate: true });
      expect(properties).not.toHaveProperty("muteActionsDuration");
    }
  });

  // Of patterns: patterns.test.ts.
  test.skipIf(name === "patterns")(
    "every vault tells of every secret of ours that is near its expiry",
    () => {
      const published: Record<string, string[]> = {};
      for (const { id, properties } of of("Microsoft.EventGrid/eventSubscriptions")) {
        const vault = id.split("/providers/Microsoft.EventGrid")[0]!.split("/").at(-1)!;
        expect(properties.filter.includedEventTypes).toEqual(["Microsoft.KeyVault.SecretNearExpiry"]);
        expect(properties.destination.endpointType).toBe("MonitorAlert");
        const [{ operatorType, key, values }] = properties.filter.advancedFilters;
        expect([operatorType, key]).toEqual(["StringIn", "subject"]);
        published[vault] = [...(published[vault] ?? []), ...values];
      }
      const { settings } = snapshotOf(name);
      const expected: Record<string, string[]> = {};
      for (const { vaultUrl, secretName } of readConfig(deployed(settings)).runtimes) {
        const vault = new URL(vaultUrl).hostname.split(".")[0]!;
        // Where assignments are made elsewhere, the owner of an existing vault makes this, too.
        if (name === "owners-elsewhere" && vault === "kv-sales") continue;
        expected[vault] = [...(expected[vault] ?? []), secretName];
      }
      expect(published).toEqual(expected);
    },
  );
});

// As errors they would stop `az` and `azd`, which read the same file, on the day that a rule changes its mind.
test("all linter rules are on, as warnings, but those that are listed here", () => {
  const { rules } = JSON.parse(readFileSync(join(infra, "bicepconfig.json"), "utf8")).analyzers.core;
  const off = Object.entries<{ level: string }>(rules).filter(([, { level }]) => level !== "warning");
  // A variable's name says it; a sentence beside each would only repeat it.
  expect(off.map(([rule]) => rule)).toEqual(["use-description-vars"]);
});
