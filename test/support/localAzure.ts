import { afterAll, beforeAll, beforeEach, inject } from "vitest";
import { type LocalAzure, type LocalAzureOptions, startLocalAzure } from "../../local/azure/index.ts";

/**
 * Starts one local Azure for the test file, empties it before each test, and stops it at the end. The settings
 * that SDK clients read are in `process.env` from the start. The storage account is started only on demand,
 * and is not emptied.
 */
export function useLocalAzure(options: LocalAzureOptions = {}): () => LocalAzure {
  let azure: LocalAzure | undefined;

  beforeAll(async () => {
    azure = await startLocalAzure({ storage: false, authority: inject("localAzureAuthority"), ...options });
    Object.assign(process.env, azure.env);
  });
  beforeEach(() => azure?.reset());
  afterAll(() => azure?.stop());

  return () => {
    if (azure === undefined) throw new Error("The local Azure has not started yet: ask for it within a test");
    return azure;
  };
}
