import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { all, type Resource } from "./snapshots.ts";
import { check, infra } from "./template.ts";
import { missing, runtime, useCompiler } from "./useCompiler.ts";

/**
 * What Flex Consumption is known to refuse, in some regions or in all: what `functionAppConfig` took the place of, and
 * what error 51021 has named.
 */
const refusedByFlex = {
  siteConfig:
    /^(alwaysOn|ftpsState|functionAppScaleLimit|functionsRuntimeScaleMonitoringEnabled|javaVersion|linuxFxVersion|minimumElasticInstanceCount|netFrameworkVersion|nodeVersion|powerShellVersion|preWarmedInstanceCount|pythonVersion|use32BitWorkerProcess|vnetRouteAllEnabled|windowsFxVersion)$/i,
  setting:
    /^(ENABLE_ORYX_BUILD|FUNCTIONS_EXTENSION_VERSION|FUNCTIONS_MAX_HTTP_CONCURRENCY|FUNCTIONS_WORKER_\w+|SCM_DO_BUILD_DURING_DEPLOYMENT|TZ|WEBSITE_\w+)$/i,
  site: /^(containerSize|hyperV|isReserved|isXenon)$/i,
};

describe.each(all)("$name", ({ of, settings }) => {
  test("sets nothing that Flex Consumption refuses", () => {
    const { siteConfig, ...site } = of("Microsoft.Web/sites")[0]!.properties;
    expect(Object.keys(siteConfig).filter((name) => refusedByFlex.siteConfig.test(name))).toEqual([]);
    expect(Object.keys(settings).filter((name) => refusedByFlex.setting.test(name))).toEqual([]);
    expect(Object.keys(site).filter((name) => refusedByFlex.site.test(name))).toEqual([]);
  });

  test("an alert's query is not tried on tables that are not there yet", () => {
    const rules = of("Microsoft.Insights/scheduledQueryRules");
    expect(rules.length).toBeGreaterThan(0);
    for (const { properties } of rules) expect(properties.skipQueryValidation).toBe(true);
  });

  test("uses API versions that older compilers and other clouds have, too", () => {
    const versions = resources(of).map(({ type, apiVersion }) => `${type}@${apiVersion}`);
    expect(versions.filter((version) => version.split("@")[1]!.slice(0, 10) > "2025-07-01")).toEqual([]);
  });
});

test("the log levels that alerts live on are pinned, whatever the default is set to", async () => {
  const { logging } = JSON.parse(await readFile(join(infra, "../host.json"), "utf8"));
  // The app's lines (AppTraces), and the invocations (AppRequests).
  expect(logging.logLevel).toEqual({ Function: "Information", "Host.Results": "Information" });
  expect(logging.applicationInsights.samplingSettings.isEnabled).toBe(false);
});

describe.skipIf(missing !== undefined)("azd up", { timeout: 120_000 }, () => {
  beforeAll(() => {
    process.env.AZURE_ENV_NAME = "dev";
  });
  const { bicep } = useCompiler();
  afterAll(() => {
    delete process.env.AZURE_ENV_NAME;
  });

  test("finds what it made by its tags, and asks for nothing but a resource group", async () => {
    const project = await readFile(join(infra, "../azure.yaml"), "utf8");
    const service = /^services:\n(?: +#.*\n)* {2}(\w+):$/m.exec(project)?.[1];
    expect(project).toMatch(/^metadata:\n {2}template: [\w-]+@\d+\.\d+\.\d+$/m);
    const { predictedResources } = (await bicep().snapshot(join(infra, "main.bicepparam"))) as {
      predictedResources: { type: string; tags?: Record<string, string> }[];
    };
    const [app] = predictedResources.filter(({ type }) => type === "Microsoft.Web/sites");
    expect(app?.tags).toEqual({ "azd-env-name": "dev", "azd-service-name": service });
    const compiled = JSON.parse(await bicep().compile(join(infra, "main.bicep")));
    const asked = Object.entries<{ defaultValue?: unknown; nullable?: boolean }>(compiled.parameters).filter(
      ([, { defaultValue, nullable }]) => defaultValue === undefined && nullable !== true,
    );
    // Both are in main.bicepparam.
    expect(asked.map(([name]) => name)).toEqual(["runtimes", "alertEmails"]);
  });
});

describe.skipIf(missing !== undefined)("nodes and pauses", { timeout: 120_000 }, () => {
  const { bicep, parameterFile } = useCompiler();

  test("are set for all, and for an entry where it is different", async () => {
    const path = await parameterFile({
      addresses: "loadJsonContent('../../../infra/snapshots/publicCloud.json')",
      nodes: "'ignore'",
      soakHours: "6",
      paused: "true",
      runtimes: `[{ id: '${runtime()}', nodes: 'watch', paused: false }, { id: '${runtime("two")}', nodes: 'ignore', paused: true }]`,
    });
    const { predictedResources } = (await bicep().snapshot(path)) as { predictedResources: Resource[] };
    const [app] = predictedResources.filter(({ type }) => type === "Microsoft.Web/sites");
    const pairs: { name: string; value: string }[] = app!.properties.siteConfig.appSettings;
    const settings = Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
    expect([settings.NODES, settings.SOAK, settings.PAUSED]).toEqual(["ignore", "PT6H", "true"]);
    expect(JSON.parse(settings.RUNTIMES!)).toEqual([
      { id: runtime(), nodes: "watch", paused: false },
      { id: runtime("two") },
    ]);
  });
});

describe.skipIf(missing !== undefined)("the compiled template", { timeout: 120_000 }, () => {
  const { bicep } = useCompiler();
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what is in it
  const modules = async (file: string): Promise<Record<string, any>> =>
    JSON.parse(await bicep().compile(join(infra, file))).resources;

  test("makes the alerts last: after the app, and nothing waits for them", async () => {
    const template = await modules("main.bicep");
    expect(template.alerts.dependsOn).toEqual(expect.arrayContaining(["app", "monitoring"]));
    for (const { dependsOn = [] } of Object.values(template)) expect(dependsOn).not.toContain("alerts");
    // The monitoring that all else waits for makes none itself.
    expect(JSON.stringify(template.monitoring)).not.toContain("scheduledQueryRules");
  });

  test("makes the event subscriptions of a vault one after the other", async () => {
    const { nearExpiry } = await modules("modules/vaultAccess.bicep");
    expect(nearExpiry.copy).toMatchObject({ mode: "serial", batchSize: 1 });
  });

  test("makes a secret's placeholder only where there is no secret, and no role before it", async () => {
    const { secrets, secretAssignments } = await modules("modules/vaultAccess.bicep");
    expect(secrets["@options"]).toEqual({ onlyIfNotExists: [] });
    expect(secretAssignments.dependsOn).toEqual([expect.stringContaining("secrets[{0}]")]);
  });
});

describe.skipIf(missing !== undefined)("npm run infra", { timeout: 120_000 }, () => {
  const { bicep, folder } = useCompiler();

  test("reads an operator's parameter files for what they say, and not for how they are indented", async () => {
    const parameters = (name: string, email: string, id: string) =>
      writeFile(
        join(folder(), name),
        `using '../../../infra/main.bicep'\nparam   alertEmails=[\n'${email}' ]\nparam runtimes = [ { id: '${id}' } ]\n`,
      );
    await parameters("dev.bicepparam", "ops@example.com", runtime());
    await parameters("prod.bicepparam", "ops@example.com", runtime().replace("adf-sales", "adf_sales"));
    await parameters("test.bicepparam", "x", runtime());
    const { problems } = await check(bicep(), { update: false, folder: folder() });
    expect(problems.sort()).toEqual([
      expect.stringMatching(/prod\.bicepparam: runtimes: .*adf_sales.*: its factory cannot have that name$/),
      expect.stringMatching(/test\.bicepparam: alertEmails: "x" is no e-mail address$/),
    ]);
  });
});

describe.skipIf(missing !== undefined)("npm run infra, years later", { timeout: 120_000 }, () => {
  const { bicep, folder } = useCompiler();

  test("tells of API versions that have aged, and fails by none", async () => {
    const rules = { "use-recent-api-versions": { level: "warning" } };
    await writeFile(
      join(folder(), "bicepconfig.json"),
      JSON.stringify({ analyzers: { core: { enabled: true, rules } } }),
    );
    await writeFile(
      join(folder(), "old.bicep"),
      "resource old 'Microsoft.Storage/storageAccounts@2019-06-01' existing = {\n  name: 'old'\n}\n\noutput id string = old.id\n",
    );
    await writeFile(join(folder(), "old.bicepparam"), "using 'old.bicep'\n");
    const { problems, advice } = await check(bicep(), { update: false, folder: folder() });
    expect(advice).toEqual([expect.stringMatching(/old\.bicep:1: Warning use-recent-api-versions/)]);
    expect(problems).toEqual([]);
  });
});

function resources(
  of: (type: string) => readonly Resource[],
): readonly { type: string; apiVersion: string }[] {
  return [
    "Microsoft.Web/sites",
    "Microsoft.Web/serverfarms",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.KeyVault/vaults",
    "Microsoft.OperationalInsights/workspaces",
    "Microsoft.Insights/scheduledQueryRules",
    "Microsoft.EventGrid/eventSubscriptions",
    "Microsoft.Network/virtualNetworks",
    "Microsoft.Network/privateEndpoints",
  ].flatMap((type) => of(type).map(({ apiVersion }) => ({ type, apiVersion: String(apiVersion) })));
}
