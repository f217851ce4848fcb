import { type Config, readConfig } from "../../src/config/config.ts";
import { ConfigurationError } from "../../src/config/configurationError.ts";

/** App settings by name. */
export type Settings = Record<string, string | undefined>;

/** A row of a table of mistakes: what is wrong, the settings, and all problems that are to be reported. */
export type Row = [mistake: string, settings: Settings, ...problems: string[]];

/** The ARM id of a made-up runtime. */
export function armId(runtime = "ir-one", factory = "factory-one", group = "rg-one"): string {
  return `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/${group}/providers/Microsoft.DataFactory/factories/${factory}/integrationRuntimes/${runtime}`;
}

/** The fewest settings that are valid, with these changes; undefined takes one away. */
export function settings(changes: Settings = {}): Settings {
  return {
    RUNTIMES: JSON.stringify([armId()]),
    KEY_VAULT_URL: "https://contoso.vault.azure.net",
    AzureWebJobsStorage: "UseDevelopmentStorage=true",
    ...changes,
  };
}

/** Settings with these runtimes. */
export function withRuntimes(...runtimes: unknown[]): Settings {
  return settings({ RUNTIMES: JSON.stringify(runtimes) });
}

/** The problems of settings that must not be valid. */
export function problemsOf(given: Settings): readonly string[] {
  try {
    readConfig(given);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  throw new Error("the settings were accepted");
}

/** A valid configuration of these runtimes. */
export function configOf(...runtimes: unknown[]): Config {
  return readConfig(withRuntimes(...runtimes));
}
