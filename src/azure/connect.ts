import type { Config } from "../config/config.ts";
import type { Services } from "../services.ts";
import { connectLocks } from "./blobLease.ts";
import { managedIdentity } from "./credential.ts";
import { connectDataFactory } from "./dataFactory.ts";
import { connectKeyVault } from "./keyVault.ts";

/** The real services. Each SDK is loaded, and each connection made, with the first call that needs it. */
export function connect({
  armUrl,
  clientId,
  storage,
}: Pick<Config, "armUrl" | "clientId" | "storage">): Services {
  const credential = managedIdentity(clientId);
  return {
    runtimeKeys: connectDataFactory(armUrl, credential),
    secret: connectKeyVault(credential),
    locks: connectLocks(storage, credential),
  };
}
