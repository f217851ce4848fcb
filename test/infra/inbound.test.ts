import { describe, expect, test } from "vitest";
import { all, snapshotOf } from "./snapshots.ts";
import { missing, useCompiler } from "./useCompiler.ts";

const ENDPOINTS = "Microsoft.Network/privateEndpoints";

describe.each(all)("$name", ({ name, of }) => {
  const { publicNetworkAccess, siteConfig } = of("Microsoft.Web/sites")[0]!.properties;

  test("the app answers in public unless it is private, and only allowed addresses where there are any", () => {
    expect(publicNetworkAccess).toBe(name === "bank" ? "Disabled" : "Enabled");
    const restrictions = Object.keys(siteConfig).filter((property) => /restrictions/i.test(property));
    expect(restrictions.sort()).toEqual(
      name === "allowed-addresses"
        ? [
            "ipSecurityRestrictions",
            "ipSecurityRestrictionsDefaultAction",
            "scmIpSecurityRestrictionsDefaultAction",
            "scmIpSecurityRestrictionsUseMain",
          ]
        : [],
    );
    const sites = of(ENDPOINTS).filter(({ name }) => name.startsWith("pe-sites-"));
    expect(sites).toHaveLength(name === "bank" ? 1 : 0);
  });
});

test("whoever is not among the allowed addresses is refused, by the app, its admin endpoints and the endpoint for deployments", () => {
  const { siteConfig } = snapshotOf("allowed-addresses").of("Microsoft.Web/sites")[0]!.properties;
  expect(siteConfig).toMatchObject({
    ipSecurityRestrictions: [
      { name: "allowed-1", ipAddress: "203.0.113.0/28", action: "Allow", priority: 100 },
      { name: "allowed-2", ipAddress: "198.51.100.7/32", action: "Allow", priority: 101 },
    ],
    ipSecurityRestrictionsDefaultAction: "Deny",
    scmIpSecurityRestrictionsUseMain: true,
    scmIpSecurityRestrictionsDefaultAction: "Deny",
  });
});

test("a private app has an endpoint of its own, in the zone of apps", () => {
  const { of } = snapshotOf("bank");
  const [app] = of("Microsoft.Web/sites");
  const endpoint = of(ENDPOINTS).find(({ name }) => name.startsWith("pe-sites-"))!;
  expect(endpoint.properties.privateLinkServiceConnections[0].properties).toEqual({
    privateLinkServiceId: app!.id,
    groupIds: ["sites"],
  });
  const zones = of(`${ENDPOINTS}/privateDnsZoneGroups`).map(
    ({ properties }) => properties.privateDnsZoneConfigs[0].properties.privateDnsZoneId,
  );
  expect(zones.map((id: string) => id.split("/").at(-1)).sort()).toEqual([
    "privatelink.azurewebsites.net",
    "privatelink.blob.core.windows.net",
    "privatelink.vaultcore.azure.net",
  ]);
  // Nothing of it is left open.
  for (const type of [
    "Microsoft.Storage/storageAccounts",
    "Microsoft.KeyVault/vaults",
    "Microsoft.Web/sites",
  ]) {
    for (const { properties } of of(type))
      expect([type, properties.publicNetworkAccess]).toEqual([type, "Disabled"]);
  }
});

describe.skipIf(missing !== undefined)("no deployment begins", { timeout: 120_000 }, () => {
  const { bicep, parameterFile } = useCompiler();
  const addresses = (...list: string[]) =>
    `{ kind: 'allowedAddresses', addresses: [${list.map((address) => `'${address}'`).join(", ")}] }`;

  test.each([
    ["everybody", addresses("0.0.0.0/0"), /"0.0.0.0\/0" is no range .* holds everybody/],
    ["an address without its length", addresses("203.0.113.7"), /"203.0.113.7" is no range/],
    [
      "numbers that no address has",
      addresses("203.0.113.0/28", "256.0.0.1/32"),
      /"256.0.0.1\/32" is no range/,
    ],
    ["a host", addresses("example.com/32"), /"example.com\/32" is no range/],
    ["a range too narrow", addresses("203.0.113.0/33"), /is no range/],
    ["a private app in no network", "{ kind: 'private' }", /inbound: 'private' takes a network/],
  ])("that lets in %s", async (_, inbound, because) => {
    const path = await parameterFile({ inbound });
    await expect(bicep().snapshot(path)).rejects.toThrow(because);
  });
});
