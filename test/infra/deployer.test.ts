import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { all, type Resource } from "./snapshots.ts";
import { infra, snapshots } from "./template.ts";

const OWN = /^\/subscriptions\/00000000-0000-0000-0000-000000000001\/resourceGroups\/rg-rotation\//i;
const role = (name: string): { Actions: string[]; DataActions: string[] } =>
  JSON.parse(readFileSync(join(infra, `roles/${name}.json`), "utf8"));

/** What main.bicep makes in resource groups of others, in whichever variant, by whose it is. */
const elsewhere = all
  // A pattern over a subscription, whose owner assigns, and roles that are defined here take more.
  .filter(({ name }) => ["bank", "estate", "owners-elsewhere"].includes(name))
  .flatMap(({ resources }) => resources)
  .filter(({ id }) => !OWN.test(id));
const made = (part: RegExp) =>
  new Set(elsewhere.filter(({ id }) => part.test(id)).map(({ type }) => `${type}/write`));

describe("a deployer who is neither Owner nor User Access Administrator", () => {
  test.each([
    ["factory-deployer", /Microsoft\.DataFactory/i],
    ["vault-deployer", /Microsoft\.KeyVault/i],
  ])("may write by %s what the template makes there, and nothing else", (name, part) => {
    const { Actions, DataActions } = role(name);
    const writes = Actions.filter((action) => !/\/(read|delete)$/.test(action));
    const others = [
      "Microsoft.Resources/deployments/write",
      "Microsoft.Resources/deployments/validate/action",
      "Microsoft.Resources/deployments/whatIf/action",
      // Azure asks for it beside that on the event subscription of a vault.
      ...(name === "vault-deployer" ? ["Microsoft.KeyVault/vaults/eventGridFilters/write"] : []),
    ];
    expect(writes.sort()).toEqual([...made(part), ...others].sort());
    // Only what it made itself, it may take away.
    for (const action of Actions.filter((action) => action.endsWith("/delete"))) {
      expect(writes).toContain(action.replace(/delete$/, "write"));
    }
    expect(DataActions).toEqual([]);
    expect(Actions.join()).not.toMatch(/\*|listkeys|elevate|roleDefinitions\/write|locks/i);
  });

  test("nothing is made elsewhere but on factories and vaults", () => {
    expect(elsewhere.length).toBeGreaterThan(70);
    expect(elsewhere.filter(({ id }) => !/Microsoft\.(DataFactory|KeyVault)/i.test(id))).toEqual([]);
  });

  test("may join networks of others, and change none", () => {
    const { Actions } = role("network-joiner");
    for (const action of Actions) expect(action).toMatch(/\/(read|join\/action)$/);
  });
});

describe("the condition on the deployer's role", () => {
  const { predictedResources } = JSON.parse(
    readFileSync(join(snapshots, "owners/deployer.snapshot.json"), "utf8"),
  ) as { predictedResources: Resource[] };
  const [assignment, ...others] = predictedResources;
  const { condition } = assignment!.properties;

  /** The condition, evaluated as Azure documents it: for one action, on an assignment as it is asked for or as it is. */
  function allows(action: string, roleId: string, principalType: string): boolean {
    const source = action === "delete" ? "@Resource" : "@Request";
    const attribute = (name: string, value: string) =>
      new RegExp(
        `(@\\w+)\\[Microsoft\\.Authorization/roleAssignments:${name}\\] ForAnyOfAnyValues:(?:GuidEquals|StringEqualsIgnoreCase) \\{([^}]*)\\}`,
        "g",
      )[Symbol.replace](text, (_: string, from: string, list: string) =>
        // An attribute that the other source has is not there, and nothing equals it.
        String(from === source && list.split(", ").some((one) => one.replaceAll("'", "") === value)),
      );
    let text: string = condition.replace(/ActionMatches\{'([^']*)'\}/g, (_: string, matched: string) =>
      String(matched === `Microsoft.Authorization/roleAssignments/${action}`),
    );
    text = attribute("RoleDefinitionId", roleId);
    text = attribute("PrincipalType", principalType);
    text = text.replaceAll(" AND ", " && ").replaceAll(" OR ", " || ");
    expect(text).toMatch(/^[truefals!&|() ]+$/);
    return runInNewContext(text);
  }

  test("lets the app's roles be assigned to service principals and taken away, and no role else or for anybody else", () => {
    expect(others).toEqual([]);
    expect(assignment!.properties).toMatchObject({
      conditionVersion: "2.0",
      principalId: "99999999-9999-9999-9999-999999999999",
      principalType: "ServicePrincipal",
    });
    const [publisher, rotator] = [
      "55555555-5555-5555-5555-555555555555",
      "44444444-4444-4444-4444-444444444444",
    ] as const;
    const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    for (const action of ["write", "delete"]) {
      expect(allows(action, publisher, "ServicePrincipal")).toBe(true);
      expect(allows(action, rotator, "ServicePrincipal")).toBe(true);
      expect(allows(action, publisher, "User")).toBe(false);
      expect(allows(action, publisher, "Group")).toBe(false);
      expect(allows(action, owner, "ServicePrincipal")).toBe(false);
    }
    // What is no role assignment is not its matter.
    expect(allows("read", owner, "User")).toBe(true);
  });
});
