import { describe, expect, test } from "vitest";
import { all, type Resource, snapshotOf } from "./snapshots.ts";
import { missing, useCompiler } from "./useCompiler.ts";

const CLIENT = "33333333-3333-3333-3333-333333333333";
const PERSON = "88888888-8888-8888-8888-888888888888";
const CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** What App Service asks of a token. An empty list is not asked for. */
const policyOf = (resources: readonly Resource[]) => {
  const [settings, ...others] = resources.filter(({ type }) => type === "Microsoft.Web/sites/config");
  expect(others).toEqual([]);
  const { validation } = settings!.properties.identityProviders.azureActiveDirectory;
  return [
    validation.defaultAuthorizationPolicy.allowedApplications,
    validation.defaultAuthorizationPolicy.allowedPrincipals.identities,
  ];
};

test("Entra stands in front of the HTTP functions only where it is asked for, and then of all of them", () => {
  for (const { name, of } of all) {
    const asked = ["private-network", "allowed-addresses", "bank"].includes(name);
    const settings = of("Microsoft.Web/sites/config");
    expect([name, settings.length]).toEqual([name, asked ? 1 : 0]);
    for (const { properties } of settings) {
      expect(properties.globalValidation).toEqual({
        requireAuthentication: true,
        unauthenticatedClientAction: "Return401",
      });
      expect(properties.platform).toEqual({ enabled: true });
    }
  }
});

test("nobody is admitted who is not named: by default the registration itself, and no one else of the tenant", () => {
  expect(policyOf(snapshotOf("private-network").resources)).toEqual([[CLIENT], []]);
  expect(policyOf(snapshotOf("allowed-addresses").resources)).toEqual([[], [PERSON]]);
  expect(policyOf(snapshotOf("bank").resources)).toEqual([[CLI], [PERSON]]);
  for (const { name, of, resources } of all) {
    if (of("Microsoft.Web/sites/config").length === 0) continue;
    expect([name, policyOf(resources).flat().length > 0]).toEqual([name, true]);
  }
});

test("tokens are those of this tenant, of version 2, and for this service", () => {
  const { properties } = snapshotOf("bank").of("Microsoft.Web/sites/config")[0]!;
  const { registration, validation } = properties.identityProviders.azureActiveDirectory;
  expect(registration).toEqual({
    clientId: CLIENT,
    openIdIssuer: "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0",
  });
  expect(validation.allowedAudiences).toEqual([`api://${CLIENT}`, CLIENT]);
});

describe.skipIf(missing !== undefined)("no deployment begins", { timeout: 120_000 }, () => {
  const { bicep, parameterFile } = useCompiler();

  test.each([
    [
      "everybody with an Azure CLI",
      `allowedApplications: ['${CLI}']`,
      /everybody of the tenant gets a token .*say in allowedPrincipals/,
    ],
    [
      "a name",
      "allowedPrincipals: ['ada@contoso.com-and-some-more-letters']",
      /"ada@contoso.com.*" is no GUID/,
    ],
    [
      "an application by its name",
      "allowedApplications: ['the-runner-of-the-platform-and-its-team']",
      /is no GUID/,
    ],
  ])("that admits %s", async (_, list, because) => {
    const path = await parameterFile({ authentication: `{ clientId: '${CLIENT}', ${list} }` });
    await expect(bicep().snapshot(path)).rejects.toThrow(because);
  });

  test("with lists that are empty, which App Service takes for everybody, or longer than it takes", async () => {
    const many = Array.from({ length: 14 }, () => `'${PERSON}'`).join(", ");
    for (const list of ["allowedApplications: []", "allowedPrincipals: []", `allowedPrincipals: [${many}]`]) {
      const path = await parameterFile({ authentication: `{ clientId: '${CLIENT}', ${list} }` });
      const { success, diagnostics } = await bicep().compileParams(path);
      expect([list, success]).toEqual([list, false]);
      expect(diagnostics.map(({ message }) => message).join()).toMatch(/(minimum|maximum) allowable length/);
    }
  });
});
