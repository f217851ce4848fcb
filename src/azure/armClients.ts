/** Clients of Azure Resource Manager, two for each subscription. */
import type { DataFactoryManagementClient } from "@azure/arm-datafactory";
import type { RequestMeter } from "../services.ts";
import { countRequests } from "./countRequests.ts";
import type { Credential } from "./credential.ts";
import { loadSdk } from "./loadSdk.ts";
import { NO_RETRY, noteProgress, ONE_RETRY, preparedAgent, retryWithinLimit } from "./policies.ts";

/** A read may be sent again, a regenerate never. */
export interface ArmClients {
  readonly retrying: DataFactoryManagementClient;
  readonly single: DataFactoryManagementClient;
}

/** Makes the clients of a subscription when they are first needed. */
export function armClients(
  armUrl: string,
  credential: Credential,
  meter: RequestMeter,
): (subscriptionId: string) => Promise<ArmClients> {
  const sdk = loadSdk(() => import("@azure/arm-datafactory"));
  const known = new Map<string, ArmClients>();
  return async (subscriptionId) => {
    const { DataFactoryManagementClient } = await sdk();
    // `$host` forms the URL and `endpoint` the token's scope (docs/azure.md).
    const additionalPolicies = [
      preparedAgent,
      retryWithinLimit,
      noteProgress,
      countRequests(subscriptionId, meter),
    ];
    const options = { $host: armUrl, endpoint: armUrl, additionalPolicies };
    const client = (retryOptions: typeof ONE_RETRY) =>
      new DataFactoryManagementClient(credential, subscriptionId, { ...options, retryOptions });
    const clients = known.get(subscriptionId) ?? { retrying: client(ONE_RETRY), single: client(NO_RETRY) };
    known.set(subscriptionId, clients);
    return clients;
  };
}
