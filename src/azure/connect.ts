/** Connects the interfaces of services.ts to Azure. */
import type { Config } from "../config/config.ts";
import type { RequestMeter, Services } from "../services.ts";
import { armClients } from "./armClients.ts";
import { connectLocks } from "./blobLease.ts";
import { managedIdentity } from "./credential.ts";
import { connectDataFactory } from "./dataFactory.ts";
import { connectKeyVault } from "./keyVault.ts";
import { connectRuntimeSource } from "./runtimeSource.ts";

/** The real services. The first call that needs it loads an SDK and makes its connection. */
export function connect(
  { armUrl, clientId, storage }: Pick<Config, "armUrl" | "clientId" | "storage">,
  meter: RequestMeter,
): Services {
  const credential = managedIdentity(clientId);
  const clients = armClients(armUrl, credential, meter);
  return {
    runtimeSource: connectRuntimeSource(armUrl, clients),
    runtimeKeys: connectDataFactory(clients),
    secret: connectKeyVault(credential),
    locks: connectLocks(storage, credential),
  };
}
