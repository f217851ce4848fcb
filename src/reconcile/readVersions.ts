/** Reads the history of each secret, for the status. */
import pLimit from "p-limit";
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import type { SecretVersionProperties, Services } from "../services.ts";
import type { Deadline } from "./deadline.ts";

/** The versions of each runtime's secret. Left out if they cannot be listed, which must not fail a status request. */
export async function readVersions(
  runtimes: readonly RuntimeConfig[],
  services: Services,
  concurrency: number,
  deadline: Deadline,
): Promise<ReadonlyMap<RuntimeConfig, readonly SecretVersionProperties[]>> {
  const found = new Map<RuntimeConfig, readonly SecretVersionProperties[]>();
  await pLimit(concurrency).map(runtimes, async (config) => {
    try {
      const secret = services.secret(config.vaultUrl, config.secretName);
      found.set(config, await secret.listVersions(deadline.forRead()));
    } catch {
      // Reported as unknown; the runtime's state says what is wrong with the vault.
    }
  });
  return found;
}
