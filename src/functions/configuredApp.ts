/** The settings and services that every function starts with. */
import { setFlagsFromString } from "node:v8";
import { connect } from "../azure/connect.ts";
import { systemClock } from "../clock.ts";
import { type Config, readConfig } from "../config/config.ts";
import { Pace } from "../reconcile/pace.ts";
import type { Services } from "../services.ts";

export interface ConfiguredApp {
  readonly config: Config;
  readonly services: Services;
  readonly pace: Pace;
}

let app: ConfiguredApp | undefined;

/**
 * Reads the settings when a function first runs, so that a mistake in them makes invocations fail with a message, and
 * does not stop the app from loading.
 * @throws {ConfigurationError}
 */
export function configuredApp(): ConfiguredApp {
  if (app === undefined) {
    // Collect garbage sooner: by default, Node takes more than twice the memory for thousands of runtimes.
    setFlagsFromString("--optimize-for-size");
    const config = readConfig(process.env);
    const pace = new Pace(systemClock, config.concurrency);
    app = { config, services: connect(config, pace), pace };
  }
  return app;
}
