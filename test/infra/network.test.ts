import { expect, test } from "vitest";
import { snapshotOf } from "./snapshots.ts";

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

test("by default there is no network", () => {
  const { resources } = snapshotOf("one-runtime");
  expect(resources.filter(({ type }) => type.startsWith("Microsoft.Network"))).toEqual([]);
  expect(
    snapshotOf("one-runtime").of("Microsoft.Web/sites")[0]?.properties.virtualNetworkSubnetId ?? null,
  ).toBeNull();
});

test("Entra stands in front of the HTTP functions only where it is asked for", () => {
  const asked = snapshotOf("private-network").of("Microsoft.Web/sites/config");
  expect(asked[0]?.properties).toMatchObject({
    globalValidation: { requireAuthentication: true, unauthenticatedClientAction: "Return401" },
  });
  expect(snapshotOf("one-runtime").of("Microsoft.Web/sites/config")).toEqual([]);
});
