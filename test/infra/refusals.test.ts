import { describe, expect, test } from "vitest";
import { missing, runtime, useCompiler } from "./useCompiler.ts";

const vault =
  "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-sales";
const inVault = (id: string) => `[{ id: '${runtime()}', vault: { id: '${id}' } }]`;
const named = (name: string) => `[{ id: '${runtime(name)}' }]`;

/** A network made elsewhere, right but for these. */
function subnets({
  app = "app",
  vaultZone = "privatelink.vaultcore.azure.net",
  blobZone = "privatelink.blob.core.windows.net",
}: {
  app?: string;
  vaultZone?: string;
  blobZone?: string;
}): string {
  const hub =
    "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/hub/providers/Microsoft.Network";
  const subnet = `${hub}/virtualNetworks/spoke/subnets`;
  const values = {
    kind: "existingSubnets",
    appSubnetId: `${subnet}/${app}`,
    endpointSubnetId: `${subnet}/endpoints`,
    vaultDnsZoneId: `${hub}/privateDnsZones/${vaultZone}`,
    blobDnsZoneId: `${hub}/privateDnsZones/${blobZone}`,
  };
  return `{ ${Object.entries(values)
    .map(([name, value]) => `${name}: '${value}'`)
    .join(", ")} }`;
}

/** Three hundred runtimes whose ids are as long as they can be, and so are the names of their secrets if asked for. */
function longest(withSecrets: boolean): Record<string, string> {
  const id = runtime("").replace("rg-data", "g".repeat(90)).replace("adf-sales", "f".repeat(63));
  const entries = Array.from({ length: 300 }, (_, i) => {
    const secret = withSecrets ? `, secretName: '${`${i}`.padStart(127, "s")}'` : "";
    return `{ id: '${id}${`${i}`.padStart(63, "r")}'${secret} }`;
  });
  // Without Azure, the compiler cannot ask which cloud it is, and would leave the setting unmade.
  const addresses = "loadJsonContent('../../../infra/snapshots/publicCloud.json')";
  return { addresses, runtimes: `[${entries.join(", ")}]` };
}

describe.skipIf(missing !== undefined)("no deployment begins", { timeout: 120_000 }, () => {
  const { bicep, parameterFile } = useCompiler();

  async function isRefused(values: Record<string, string>, because: RegExp): Promise<void> {
    const path = await parameterFile(values);
    await expect(bicep().snapshot(path)).rejects.toThrow(because);
  }

  test.each([
    [
      "an id of something else",
      `[{ id: '${runtime().replace("integrationRuntimes", "linkedServicesAndMore")}' }]`,
      /not the ARM id of an integration runtime: it has another form/,
    ],
    [
      "an id of part of a runtime",
      named("onprem/nodes/one"),
      /not the ARM id of an integration runtime: it has another form/,
    ],
    [
      "a subscription that is no GUID",
      `[{ id: '${runtime().replace("11111111-", "11111111-1111-")}' }]`,
      /its subscription is no GUID/,
    ],
    [
      "a subscription with a letter that no GUID has",
      `[{ id: '${runtime().replace("11111111-", "1111111g-")}' }]`,
      /its subscription is no GUID/,
    ],
    [
      "a resource group that ends in a dot",
      `[{ id: '${runtime().replace("rg-data", "rg-data.")}' }]`,
      /its resource group cannot have that name/,
    ],
    [
      "a factory that cannot have its name",
      `[{ id: '${runtime().replace("adf-sales", "adf_sales")}' }]`,
      /its factory cannot have that name/,
    ],
    [
      "a secret that cannot have its name",
      `[{ id: '${runtime()}', secretName: 'has_underscore' }]`,
      /"has_underscore" cannot be the name of a secret/,
    ],
    ["a vault that is none", inVault(`${vault}/secrets/one`), /not the ARM id of a vault: it has/],
    ["a vault that cannot have its name", inVault(vault.replace("kv-sales", "1kv")), /its vault cannot have/],
    [
      "a vault in no subscription",
      inVault(vault.replace("11111111-", "1111111g-")),
      /not the ARM id of a vault: its subscription is no GUID/,
    ],
    [
      "an overlap as long as the time between rotations",
      `[{ id: '${runtime()}', rotateEveryDays: 7, overlapHours: 168 }]`,
      /overlap of .* is not shorter/,
    ],
    [
      "the same runtime twice",
      `[{ id: '${runtime()}' }, { id: '${runtime().toUpperCase()}', secretName: 'other' }]`,
      /same id/,
    ],
    [
      "the same secret twice",
      `[{ id: '${runtime()}' }, { id: '${runtime("two")}', secretName: 'ADF-Sales-onprem' }]`,
      /same vault and secret name/,
    ],
  ])("with %s", async (_, runtimes, because) => {
    await isRefused({ runtimes }, because);
  });

  test.each(["on_prem", "on--prem", "-onprem", "onprem-", "onprem ", "i", "i".repeat(64)])(
    "with a runtime named %j",
    async (name) => {
      // One letter would be too short for an id as well, so the factory makes up for it.
      const id = runtime(name).replace("adf-sales", "adf-sales-and-returns");
      await isRefused({ runtimes: `[{ id: '${id}' }]` }, /its integration runtime cannot have that name/);
    },
  );

  test.each<[parameter: string, value: string, because: RegExp]>([
    ["name", "'Ir_Keys'", /name: "Ir_Keys" is not made of/],
    ["name", "'-a-'", /name: "-a-" is not made of/],
    ["name", "'a--b'", /name: "a--b" is not made of/],
    [
      "roles",
      "{ dataFactory: '44444444-4444-4444-4444-444444444444', vault: '5555555555-5555-5555-5555-5555555555' }",
      /roles.vault: .* is no GUID/,
    ],
    [
      "roles",
      "{ dataFactory: 'zzzzzzzz-4444-4444-4444-444444444444', vault: '55555555-5555-5555-5555-555555555555' }",
      /roles.dataFactory: .* is no GUID/,
    ],
    ["alertEmails", "['ops@example.com', 'x']", /alertEmails: "x" is no e-mail address/],
    ["alertEmails", "['ops@@example.com']", /"ops@@example.com" is no e-mail address/],
    ["alertEmails", "['ops@example']", /"ops@example" is no e-mail address/],
    ["alertActionGroupIds", "['on-call']", /alertActionGroupIds: "on-call" should be ARM ids/],
    ["formerResourceGroupIds", "['rg-old']", /formerResourceGroupIds: "rg-old" should be ids/],
    [
      "networking",
      "{ kind: 'newVirtualNetwork', addressPrefix: '10.20.0.0/26' }",
      /addressPrefix: "10.20.0.0\/26" is no range for two subnets/,
    ],
    [
      "networking",
      subnets({ app: "app_subnet" }),
      /no subnet with an underscore in its name, as "app_subnet" has/,
    ],
    ["networking", subnets({ app: "endpoints" }), /appSubnetId and endpointSubnetId are the same subnet/],
    ["networking", subnets({ app: "app/part/of" }), /appSubnetId: .* is not the ARM id of a subnet/],
    [
      "networking",
      subnets({ vaultZone: "privatelink.blob.core.windows.net" }),
      /vaultDnsZoneId: .* is not the ARM id of the zone privatelink.vaultcore/,
    ],
    [
      "networking",
      subnets({ blobZone: "privatelink.vaultcore.azure.net" }),
      /blobDnsZoneId: .* is not the ARM id of the zone privatelink.blob/,
    ],
    [
      "authentication",
      "{ clientId: 'zzzzzzzz-3333-3333-3333-333333333333' }",
      /authentication: .* is no GUID/,
    ],
  ])("with the %s %s", async (parameter, value, because) => {
    await isRefused({ [parameter]: value }, because);
  });

  test("with more than one setting can hold, though with three hundred runtimes of the longest ids", async () => {
    await isRefused(longest(true), /runtimes: \d+ characters, of which an app setting can hold 120000/);
    const snapshot = JSON.stringify(await bicep().snapshot(await parameterFile(longest(false))));
    expect(snapshot.includes(`${"r".repeat(60)}299\\"}]"`)).toBe(true);
  });
});
