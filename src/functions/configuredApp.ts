/** The settings and services that every function starts with. */
import { connect } from "../azure/connect.ts";
import { type Config, readConfig } from "../config/config.ts";
import type { Services } from "../services.ts";

export interface ConfiguredApp {
  readonly config: Config;
  readonly services: Services;
}

let app: ConfiguredApp | undefined;

/**
 * Reads the settings when a function first runs, so that a mistake in them fails invocations with a message instead of
 * keeping the app from loading.
 * @throws {ConfigurationError}
 */
export function configuredApp(): ConfiguredApp {
  if (app === undefined) {
    const config = readConfig(process.env);
    app = { config, services: connect(config) };
  }
  return app;
}
