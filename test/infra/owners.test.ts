import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Resource, snapshotOf } from "./snapshots.ts";
import { infra, snapshots } from "./template.ts";
import { missing, runtime, useCompiler } from "./useCompiler.ts";

const OWN = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-rotation/providers";
const IDENTITY = `${OWN}/Microsoft.ManagedIdentity/userAssignedIdentities/id-irkeys-4uutrqilimnuo`;
const PRINCIPAL = "66666666-6666-6666-6666-666666666666";
const ROLES =
  "{ dataFactory: '44444444-4444-4444-4444-444444444444', vault: '55555555-5555-5555-5555-555555555555', finder: '77777777-7777-7777-7777-777777777777' }";
const VAULT =
  "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.KeyVault/vaults/kv-sales";

describe.skipIf(missing !== undefined)("where owners assign the roles", { timeout: 120_000 }, () => {
  const { bicep, folder, parameterFile } = useCompiler();

  /** What the output says, for runtimes as the parameter takes them. */
  async function commands(runtimes: string): Promise<string[]> {
    const policy =
      "{ rotateEveryDays: 30, overlapHours: 48, graceDays: 44, nodes: 'watch', soakHours: 20, paused: false }";
    // Outputs are in no snapshot, so the list is looked at in a tag.
    await writeFile(
      join(folder(), "commands.bicep"),
      `import { commandsForOwners } from '../../../infra/owners.bicep'
import { complete } from '../../../infra/runtimes.bicep'
var who = { id: '${IDENTITY}', principalId: '${PRINCIPAL}' }
var commands = commandsForOwners(complete(${runtimes}, ${policy}), ${ROLES}, who, ['${OWN}/x/one', '${OWN}/x/two'])
resource tags 'Microsoft.Resources/tags@2024-03-01' = { name: 'default', properties: { tags: { commands: string(commands) } } }
`,
    );
    const path = join(folder(), "commands.bicepparam");
    await writeFile(path, "using 'commands.bicep'\n");
    const { predictedResources } = (await bicep().snapshot(path)) as { predictedResources: Resource[] };
    return JSON.parse(predictedResources[0]!.properties.tags.commands);
  }

  test("each factory's owner gets a command that makes what the template would make, under the same name", async () => {
    const made = snapshotOf("existing-roles")
      .of("Microsoft.Authorization/roleAssignments")
      .find(({ id }) => id.includes("/integrationRuntimes/"))!;
    const [scope, name] = made.id.split("/providers/Microsoft.Authorization/roleAssignments/");
    expect(await commands(`[{ id: '${runtime()}' }]`)).toEqual([
      `az role assignment create --name ${name} --role 44444444-4444-4444-4444-444444444444 --assignee-object-id ${PRINCIPAL} --assignee-principal-type ServicePrincipal --scope ${scope}`,
    ]);
    // Azure's own spelling, whatever the parameter has.
    expect(
      await commands(`[{ id: '${runtime().replace("integrationRuntimes", "integrationruntimes")}' }]`),
    ).toEqual(await commands(`[{ id: '${runtime()}' }]`));
  });

  test("for a pattern they name its factory, or its group and subscription, where factories can be listed too", async () => {
    const made = snapshotOf("patterns").of("Microsoft.Authorization/roleAssignments");
    const patterns = ["rg-sales", "rg-plants"].map((group) => runtime("*").replace("rg-data", group));
    const printed = await commands(
      `[{ id: '${patterns[0]}' }, { id: '${patterns[1]!.replace("adf-sales", "*")}' }, { id: '/subscriptions/22222222-2222-2222-2222-222222222222/providers/Microsoft.DataFactory/factories/*/integrationRuntimes/*' }]`,
    );
    const scopes = printed.map((line) => [/--role (\d)/.exec(line)![1], /--scope (\S+)/.exec(line)![1]!]);
    const [factory, group, subscription] = [
      patterns[0]!.replace("/integrationRuntimes/*", ""),
      "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-plants",
      "/subscriptions/22222222-2222-2222-2222-222222222222",
    ];
    expect(scopes).toEqual([
      ["4", factory],
      ["4", group],
      ["7", group],
      ["4", subscription],
      ["7", subscription],
    ]);
    for (const [, scope] of scopes) {
      expect(made.map(({ id }) => id.split("/providers/Microsoft.Authorization/")[0])).toContain(scope);
    }
  });

  test("each vault's owner gets one, for role and warning, that no shell splits", async () => {
    const [, , , vault, ...others] = await commands(
      `[{ id: '${runtime()}', vault: { id: '${VAULT}', roleScope: 'secret' } }, { id: '${runtime("two")}', vault: { id: '${VAULT}', roleScope: 'vault' } }, { id: '${runtime("three")}' }]`,
    );
    expect(others).toEqual([]);
    expect(vault).toBe(
      `az deployment group create --subscription 11111111-1111-1111-1111-111111111111 --resource-group rg-data --name rotation-vault --template-file infra/vaultOwner.bicep --parameters vaultName=kv-sales "secretNames=adf-sales-onprem,adf-sales-two" "namePrefixes=" everySecret=false assignOnVault=true "roleSecretNames=adf-sales-onprem" "roleRuntimeIds=${runtime()}" identityId=${IDENTITY} principalId=${PRINCIPAL} roleName=55555555-5555-5555-5555-555555555555 "actionGroupIds=${OWN}/x/one,${OWN}/x/two"`,
    );
  });

  test("roles made elsewhere are a condition for it", async () => {
    const path = await parameterFile({ assignments: "'elsewhere'" });
    await expect(bicep().snapshot(path)).rejects.toThrow(
      /assignments: 'elsewhere' takes the parameter roles/,
    );
  });
});

test("what the owner of a vault deploys is the role and the near-expiry warning, as the template makes them", () => {
  const { predictedResources } = JSON.parse(
    readFileSync(join(snapshots, "owners/vault.snapshot.json"), "utf8"),
  );
  const types = predictedResources.map(({ type }: { type: string }) => type).sort();
  expect(types).toEqual(
    [
      "Microsoft.Authorization/roleAssignments",
      "Microsoft.EventGrid/eventSubscriptions",
      "Microsoft.KeyVault/vaults/secrets",
    ].flatMap((type) => (type.endsWith("secrets") ? [type] : [type, type])),
  );
});

test("the definitions to hand over hold what the template's own hold, and say where they may be assigned", () => {
  const read = (name: string) => JSON.parse(readFileSync(join(infra, `roles/${name}.json`), "utf8"));
  const [rotator, publisher, finder] = ["rotator", "publisher", "finder"].map(read);
  const others = ["validator", "factory-deployer", "vault-deployer", "network-joiner"];
  const made = snapshotOf("patterns").of("Microsoft.Authorization/roleDefinitions");
  expect(made.map(({ properties }) => properties.permissions[0])).toEqual(
    expect.arrayContaining([
      { actions: rotator.Actions },
      { actions: [], dataActions: publisher.DataActions },
      { actions: finder.Actions },
    ]),
  );
  for (const role of [rotator, publisher, finder, ...others.map(read)]) {
    expect(role.IsCustom).toBe(true);
    expect(role.AssignableScopes.length).toBeGreaterThan(0);
    for (const scope of role.AssignableScopes)
      expect(scope).toMatch(/^\/subscriptions\/<[\w ]+>\/resourceGroups\/<[\w ]+>$/);
  }
});

test("who shows what a deployment would change may read and validate, and change nothing", () => {
  const { Actions, DataActions } = JSON.parse(readFileSync(join(infra, "roles/validator.json"), "utf8"));
  expect(DataActions).toEqual([]);
  expect(Actions).toEqual([
    "*/read",
    "Microsoft.Resources/deployments/whatIf/action",
    "Microsoft.Resources/deployments/validate/action",
  ]);
});
