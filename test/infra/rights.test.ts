import { describe, expect, test } from "vitest";
import { useLocalAzure } from "../support/localAzure.ts";
import { analyze } from "./kusto.ts";
import { fullRun } from "./logLines.ts";
import { all, type Snapshot, snapshotOf } from "./snapshots.ts";
import { queryFiles } from "./template.ts";

const OWN = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-rotation/providers";
const SALES = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-sales/providers";
const PLANTS = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/RG-Plants/providers";
const VAULTS = PLANTS.replace("RG-Plants", "rg-plants");
const DATA = SALES.replace("rg-sales", "rg-data");

const blobDataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
const metricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";
const rotator = "bae604c7-42fb-5342-9c7a-3efe25c11c99";
const publisher = "64be0fec-5076-557d-b470-d0785048b5e6";
const finder = "c73b6198-272e-563c-8884-a65f51cdbb56";

const ownRights = {
  [`${OWN}/Microsoft.Insights/components/appi-irkeys-4uutrqilimnuo`]: metricsPublisher,
  [`${OWN}/Microsoft.Storage/storageAccounts/stirkeys4uutrqilimnuo`]: blobDataOwner,
};
const ownVault = `${OWN}/Microsoft.KeyVault/vaults/kv-irkeys4uutrqilimnuo`;
const oneRuntime = `${DATA}/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/onprem`;

describe("the app's identity has these roles at these scopes and no others", () => {
  test.each<[string, Record<string, string>]>([
    ["one-runtime", { ...ownRights, [ownVault]: publisher, [oneRuntime]: rotator }],
    ["private-network", { ...ownRights, [ownVault]: publisher, [oneRuntime]: rotator }],
    [
      "existing-network",
      {
        ...ownRights,
        [`${DATA}/microsoft.keyvault/vaults/kv-sales/secrets/adf-sales-onprem`]: publisher,
        [oneRuntime]: rotator,
      },
    ],
    [
      "existing-roles",
      {
        ...ownRights,
        [ownVault]: "55555555-5555-5555-5555-555555555555",
        [oneRuntime]: "44444444-4444-4444-4444-444444444444",
      },
    ],
    // The owners of factories and vaults see to the rest.
    ["owners-elsewhere", { ...ownRights, [ownVault]: "55555555-5555-5555-5555-555555555555" }],
    [
      "two-subscriptions",
      {
        ...ownRights,
        [ownVault]: publisher,
        [`${SALES}/Microsoft.KeyVault/vaults/kv-sales`]: publisher,
        [`${VAULTS}/Microsoft.KeyVault/vaults/kv-plants/secrets/adf-plant-north-shopfloor`]: publisher,
        [`${VAULTS}/Microsoft.KeyVault/vaults/kv-plants/secrets/south-shopfloor`]: publisher,
        [`${SALES}/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/onprem`]: rotator,
        [`${SALES}/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/cloud`]: rotator,
        [`${SALES}/Microsoft.DataFactory/factories/adf-returns/integrationRuntimes/onprem`]: rotator,
        [`${PLANTS}/Microsoft.DataFactory/factories/adf-plant-north/integrationRuntimes/shopfloor`]: rotator,
        [`${PLANTS}/Microsoft.DataFactory/factories/adf-plant-south/integrationRuntimes/shopfloor`]: rotator,
      },
    ],
    [
      "bank",
      {
        ...ownRights,
        [ownVault]: "55555555-5555-5555-5555-555555555555",
        [`${DATA}/Microsoft.KeyVault/vaults/kv-sales/secrets/adf-sales-cloud`]:
          "55555555-5555-5555-5555-555555555555",
        [oneRuntime]: "44444444-4444-4444-4444-444444444444",
        [oneRuntime.replace("onprem", "cloud")]: "44444444-4444-4444-4444-444444444444",
      },
    ],
    [
      "patterns",
      {
        ...ownRights,
        [ownVault]: publisher,
        // All secrets of the vault for the pattern, which says so, and one secret for the entry.
        [`${SALES}/Microsoft.KeyVault/vaults/kv-sales`]: publisher,
        [`${SALES}/Microsoft.KeyVault/vaults/kv-sales/secrets/adf-sales-onprem`]: publisher,
        [`${SALES}/Microsoft.DataFactory/factories/adf-sales`]: rotator,
        [`${SALES}/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/onprem`]: rotator,
        [SALES.replace("rg-sales/providers", "rg-plants")]: `${rotator} ${finder}`,
        "/subscriptions/22222222-2222-2222-2222-222222222222": `${rotator} ${finder}`,
      },
    ],
  ])("%s", (name, expected) => {
    expect(lowerKeys(rightsIn(snapshotOf(name)))).toEqual(lowerKeys(expected));
  });

  test.each(all)("$name: nobody else is given anything", ({ of }) => {
    for (const { properties } of of("Microsoft.Authorization/roleAssignments")) {
      expect(properties.principalType).toBe("ServicePrincipal");
      expect(properties.principalId).toMatch(
        /^\[reference\('\/subscriptions\/[^']+\/id-irkeys-4uutrqilimnuo', '[^']+'\)\.principalId\]$/,
      );
    }
  });

  test.each(all)("$name: a role is defined for the groups in which it is assigned", (snapshot) => {
    const groups = assignmentsIn(snapshot).map(([scope, role]) => ({
      role,
      group: scope.toLowerCase().split("/").slice(0, 5).join("/"),
    }));
    for (const { name, properties } of snapshot.of("Microsoft.Authorization/roleDefinitions")) {
      const assigned = groups.filter(({ role }) => role === name).map(({ group }) => group);
      expect(new Set(properties.assignableScopes)).toEqual(
        new Set([OWN.replace("/providers", "").toLowerCase(), ...assigned, ...former(snapshot.name)]),
      );
      expect(properties.roleName).toMatch(/\(4uutrqilimnuo\)$/);
    }
  });

  test("an estate's roles are assigned on each runtime and each secret, and on no vault, in three subscriptions", () => {
    const rights = rightsIn(snapshotOf("estate"));
    const scopes = Object.keys(rights).filter((scope) => !(scope in ownRights));
    const of = (part: string) => scopes.filter((scope) => scope.includes(part));
    expect([of("/integrationRuntimes/").length, of("/secrets/").length, scopes.length]).toEqual([35, 35, 70]);
    for (const scope of of("/integrationRuntimes/")) expect(rights[scope]).toMatch(/^4/);
    expect(new Set(scopes.map((scope) => scope.split("/")[2]!.slice(0, 8)))).toEqual(
      new Set(["11111111", "22222222", "33333333"]),
    );
    expect(snapshotOf("estate").of("Microsoft.Authorization/roleDefinitions")).toEqual([]);
  });

  test.each(all)(
    "$name: a secret of an existing vault is made with a placeholder that says whose it is",
    ({ of }) => {
      const made = of("Microsoft.KeyVault/vaults/secrets");
      const assigned = of("Microsoft.Authorization/roleAssignments").filter(({ id }) =>
        id.includes("/secrets/"),
      );
      expect(made.map(({ id }) => id)).toEqual(
        assigned.map(({ id }) => id.split("/providers/Microsoft.Auth")[0]),
      );
      for (const { properties, tags } of made) {
        expect(properties).toEqual({ value: "placeholder", contentType: "text/plain" });
        expect(tags).toEqual({ ProviderAddress: expect.stringMatching(/\/integrationRuntimes\/[\w-]+$/) });
      }
    },
  );

  test("no role is defined where existing ones are given", () => {
    expect(snapshotOf("existing-roles").of("Microsoft.Authorization/roleDefinitions")).toEqual([]);
  });
});

/** Documentation and practice differ on how ARM names this right (docs/azure.md), so the role has both. */
const inRole: Readonly<Record<string, string>> = {
  "Microsoft.DataFactory/factories/integrationruntimes/getstatus/read":
    "Microsoft.DataFactory/factories/integrationruntimes/getstatus/*",
};

describe("measured against a full run of the app", () => {
  const azure = useLocalAzure({ storage: true });

  test("the roles hold what it called, nothing less and nothing more; and the queries read what it logged", async () => {
    const { actions, lines } = await fullRun(azure());
    const permissions = snapshotOf("one-runtime")
      .of("Microsoft.Authorization/roleDefinitions")
      .flatMap(({ properties }) => properties.permissions)
      .flatMap(({ actions = [], dataActions = [], ...others }) => {
        expect(others).toEqual({});
        return [...actions, ...dataActions];
      });
    expect(permissions.sort()).toEqual([...actions].map((action) => inRole[action] ?? action).sort());

    const written = lines.map((line) => JSON.parse(line));
    for (const { name, text } of await queryFiles()) {
      const missing = analyze(text).paths.filter((path) => !written.some((line) => has(line, path)));
      expect({ name, missing }).toEqual({ name, missing: [] });
    }
    // What the queries compare with occurs too.
    const outcomes = written.map(({ trigger, outcome, reason }) => [trigger, outcome, reason].join(" "));
    expect(outcomes).toEqual(expect.arrayContaining(["timer rotated due", "http rotated compromised"]));
    expect(written).toContainEqual(
      expect.objectContaining({
        trigger: "http",
        outcome: "failed",
        reason: "unavailable",
        compromised: true,
      }),
    );
    for (const outcome of ["blocked", "failed", "deferred"]) {
      expect(written).toContainEqual(
        expect.objectContaining({ event: "rotation.runtime", trigger: "timer", outcome }),
      );
    }
    expect(written).toContainEqual(expect.objectContaining({ event: "rotation.run", trigger: "timer" }));
  });
});

/** What the parameter of that variant names: a definition cannot lose a scope in which it is still assigned. */
function former(name: string): string[] {
  const closed = SALES.replace("rg-sales/providers", "rg-closed").toLowerCase();
  return name === "two-subscriptions" ? [closed] : [];
}

function assignmentsIn({ of }: Snapshot): [scope: string, role: string][] {
  return of("Microsoft.Authorization/roleAssignments").map(({ id, properties }) => [
    id.split("/providers/Microsoft.Authorization/")[0]!,
    properties.roleDefinitionId.split("/").at(-1),
  ]);
}

/** The roles at each scope, with a blank between them where there are several. */
function rightsIn(snapshot: Snapshot): Record<string, string> {
  const rights: Record<string, string> = {};
  for (const [scope, role] of assignmentsIn(snapshot)) {
    rights[scope] = scope in rights ? `${rights[scope]} ${role}` : role;
  }
  return rights;
}

function lowerKeys(rights: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(rights).map(([scope, role]) => [scope.toLowerCase(), role]));
}

function has(line: unknown, path: string): boolean {
  const [first, ...rest] = path.split(".");
  if (typeof line !== "object" || line === null || !(first! in line)) return false;
  return rest.length === 0 || has(line[first as keyof typeof line], rest.join("."));
}
