import { describe, expect, test } from "vitest";
import { type Resource, snapshotOf } from "./snapshots.ts";
import { missing, runtime, useCompiler } from "./useCompiler.ts";

test("a private network has an endpoint and a zone for vault and storage, and the app lives in it", () => {
  const { of } = snapshotOf("private-network");
  const groups = of("Microsoft.Network/privateEndpoints").map(
    ({ properties }) => properties.privateLinkServiceConnections[0].properties.groupIds,
  );
  expect(groups).toEqual([["blob"], ["vault"]]);
  expect(of("Microsoft.Network/privateDnsZones").map(({ name }) => name)).toEqual([
    "privatelink.blob.core.windows.net",
    "privatelink.vaultcore.azure.net",
  ]);
  expect(of("Microsoft.Network/privateDnsZones/virtualNetworkLinks")).toHaveLength(2);
  const [network] = of("Microsoft.Network/virtualNetworks");
  expect(network?.properties.subnets[0].properties).toMatchObject({
    addressPrefix: "10.20.0.0/26",
    delegations: [{ properties: { serviceName: "Microsoft.App/environments" } }],
  });
  expect(of("Microsoft.Web/sites")[0]?.properties.virtualNetworkSubnetId).toBe(`${network?.id}/subnets/app`);
});

test("an existing network gets only the endpoint of what is made here", () => {
  const { of } = snapshotOf("existing-network");
  expect(of("Microsoft.Network/virtualNetworks")).toEqual([]);
  expect(of("Microsoft.Network/privateDnsZones")).toEqual([]);
  expect(of("Microsoft.Network/privateEndpoints").map(({ name }) => name)).toEqual([
    "pe-blob-irkeys-4uutrqilimnuo",
  ]);
});

test("each subnet of a new network has its rules: the app calls Azure's services and nothing else, endpoints only answer", () => {
  const { of } = snapshotOf("private-network");
  const groups = of("Microsoft.Network/networkSecurityGroups");
  const [app, endpoints] = groups.map(({ properties }) =>
    properties.securityRules.map(({ properties: rule }: { properties: Record<string, string> }) => [
      rule.direction,
      rule.access,
      rule.destinationAddressPrefix === "*" ? rule.sourceAddressPrefix : rule.destinationAddressPrefix,
      rule.destinationPortRange,
    ]),
  );
  expect(app).toEqual([
    ...[
      "VirtualNetwork",
      "AzureActiveDirectory",
      "AzureResourceManager",
      "AzureMonitor",
      "AzureKeyVault",
    ].map((service) => ["Outbound", "Allow", service, "443"]),
    ["Outbound", "Deny", "Internet", "*"],
    ["Inbound", "Allow", "10.20.0.0/26", "*"],
    ["Inbound", "Deny", "10.20.0.0/26", "*"],
  ]);
  const inbound = groups[0]!.properties.securityRules.filter(
    ({ properties }: { properties: { direction: string } }) => properties.direction === "Inbound",
  );
  expect(
    inbound.map(
      ({ properties }: { properties: { sourceAddressPrefix: string } }) => properties.sourceAddressPrefix,
    ),
  ).toEqual(["10.20.0.0/26", "VirtualNetwork"]);
  expect(endpoints).toEqual([
    ["Inbound", "Allow", "VirtualNetwork", "443"],
    ["Inbound", "Deny", "*", "*"],
    ["Outbound", "Deny", "*", "*"],
  ]);
  const subnets: { properties: { networkSecurityGroup: { id: string } } }[] = of(
    "Microsoft.Network/virtualNetworks",
  )[0]?.properties.subnets;
  expect(subnets.map(({ properties }) => properties.networkSecurityGroup.id)).toEqual(
    groups.map(({ id }) => id),
  );
});

test("a zone of the new network leaves the public names of others alone", () => {
  for (const { properties } of snapshotOf("private-network").of(
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
  )) {
    expect(properties.resolutionPolicy).toBe("NxDomainRedirect");
  }
});

describe.skipIf(missing !== undefined)("zones", { timeout: 120_000 }, () => {
  const { bicep, parameterFile } = useCompiler();
  const hub =
    "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/hub/providers/Microsoft.Network";
  const subnets = `appSubnetId: '${hub}/virtualNetworks/spoke/subnets/app', endpointSubnetId: '${hub}/virtualNetworks/spoke/subnets/endpoints'`;
  const blob = `blobDnsZoneId: '${hub}/privateDnsZones/privatelink.blob.core.windows.net'`;
  const vault = `vaultDnsZoneId: '${hub}/privateDnsZones/privatelink.vaultcore.azure.net'`;
  const elsewhere = `[{ id: '${runtime()}', vault: { id: '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-sales' } }]`;
  const file = (networking: string, others: Record<string, string> = {}) =>
    parameterFile({
      addresses: "loadJsonContent('../../../infra/snapshots/publicCloud.json')",
      networking,
      ...others,
    });
  const made = async (...parameters: Parameters<typeof file>) => {
    const { predictedResources } = (await bicep().snapshot(await file(...parameters))) as {
      predictedResources: Resource[];
    };
    return (type: string) => predictedResources.filter((resource) => resource.type === type);
  };
  const GROUPS = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups";
  const ZONES = "Microsoft.Network/privateDnsZones";

  test("are not asked for where nothing is entered into them, and not made there either", async () => {
    const existing = await made(`{ kind: 'existingSubnets', ${subnets}, ${blob} }`, { runtimes: elsewhere });
    expect(existing(GROUPS)).toHaveLength(1);
    const own = await made("{ kind: 'newVirtualNetwork', addressPrefix: '10.20.0.0/24' }", {
      runtimes: elsewhere,
    });
    expect(own(ZONES).map(({ name }) => name)).toEqual(["privatelink.blob.core.windows.net"]);
  });

  test("are left to a policy, where one enters the endpoints", async () => {
    const of = await made(`{ kind: 'existingSubnets', ${subnets}, dnsByPolicy: true }`);
    expect(of("Microsoft.Network/privateEndpoints")).toHaveLength(2);
    expect([of(GROUPS), of(ZONES)]).toEqual([[], []]);
  });

  test("include that of apps where the app is private, by the name that it has in the cloud", async () => {
    const network = "{ kind: 'newVirtualNetwork', addressPrefix: '10.20.0.0/24' }";
    const clouds: [string, string, string][] = [
      [".vault.azure.net", "core.windows.net", "privatelink.azurewebsites.net"],
      [".vault.usgovcloudapi.net", "core.usgovcloudapi.net", "privatelink.azurewebsites.us"],
      [".vault.azure.cn", "core.chinacloudapi.cn", "privatelink.chinacloudsites.cn"],
    ];
    for (const [vaultSuffix, storageSuffix, zone] of clouds) {
      const addresses = `union(loadJsonContent('../../../infra/snapshots/publicCloud.json'), { vaultSuffix: '${vaultSuffix}', storageSuffix: '${storageSuffix}' })`;
      const of = await made(network, { inbound: "{ kind: 'private' }", addresses });
      expect(of(ZONES).map(({ name }) => name)).toEqual([
        `privatelink.blob.${storageSuffix}`,
        `privatelink${vaultSuffix.replace(".vault.", ".vaultcore.")}`,
        zone,
      ]);
      expect(of(GROUPS)).toHaveLength(3);
    }
  });

  test.each<[string, string, Record<string, string>, RegExp]>([
    [
      "that of blobs is missing",
      vault,
      {},
      /blobDnsZoneId: name the zone privatelink\.blob\.…, or say dnsByPolicy/,
    ],
    [
      "that of a vault that is made is missing",
      blob,
      {},
      /vaultDnsZoneId: name the zone privatelink\.vaultcore/,
    ],
    [
      "that of a private app is missing",
      `${blob}, ${vault}`,
      { inbound: "{ kind: 'private' }" },
      /sitesDnsZoneId: name the zone privatelink\.azurewebsites/,
    ],
    [
      "one is named and a policy chooses",
      `${blob}, dnsByPolicy: true`,
      {},
      /dnsByPolicy: a policy chooses the zones/,
    ],
  ])("stop a deployment where %s", async (_, zones, others, because) => {
    const path = await file(`{ kind: 'existingSubnets', ${subnets}, ${zones} }`, others);
    await expect(bicep().snapshot(path)).rejects.toThrow(because);
  });
});

test("by default there is no network", () => {
  const { resources } = snapshotOf("one-runtime");
  expect(resources.filter(({ type }) => type.startsWith("Microsoft.Network"))).toEqual([]);
  expect(
    snapshotOf("one-runtime").of("Microsoft.Web/sites")[0]?.properties.virtualNetworkSubnetId ?? null,
  ).toBeNull();
});
