import { connect } from "../azure/connect.ts";
import { type Config, readConfig } from "../config/config.ts";
import type { Services } from "../services.ts";

export interface App {
  readonly config: Config;
  readonly services: Services;
}

let app: App | undefined;

/**
 * The app as configured: read when a function first runs, so that a mistake in the settings fails
 * invocations with a message instead of keeping the app from loading.
 * @throws {ConfigurationError}
 */
export function getApp(): App {
  if (app === undefined) {
    const config = readConfig(process.env);
    app = { config, services: connect(config) };
  }
  return app;
}
