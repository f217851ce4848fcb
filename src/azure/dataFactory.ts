import type { DataFactoryManagementClient, SelfHostedIntegrationRuntimeStatus } from "@azure/arm-datafactory";
import type { RuntimeId } from "../config/runtimeId.ts";
import { KeyValue } from "../keyValue.ts";
import type { AuthKeys, RuntimeKeys, RuntimeKind } from "../services.ts";
import { callOptions, hiddenAgent, NO_RETRY, ONE_RETRY, retryWithinLimit } from "./callOptions.ts";
import type { Credential } from "./credential.ts";
import { type CallSite, unexpected, withServiceErrors } from "./sdkError.ts";

interface Clients {
  readonly retrying: DataFactoryManagementClient;
  readonly single: DataFactoryManagementClient;
}

/** Data Factory over Azure Resource Manager, one pair of clients for each subscription. */
export function connectDataFactory(armUrl: string, credential: Credential): (id: RuntimeId) => RuntimeKeys {
  const clients = new Map<string, Promise<Clients>>();
  return (id) => {
    const { subscriptionId, resourceGroup, parent: factory, name } = id;
    const load = () => {
      const loaded = clients.get(subscriptionId) ?? loadClients(armUrl, credential, subscriptionId);
      clients.set(subscriptionId, loaded);
      return loaded;
    };
    return {
      async kind(limit) {
        const site = siteOf(id, "get", "read");
        return await withServiceErrors(site, async () => {
          const { retrying } = await load();
          const { properties } = await retrying.integrationRuntimes.get(
            resourceGroup,
            factory,
            name,
            callOptions(limit),
          );
          return kindOf(properties, site);
        });
      },
      async list(limit) {
        const site = siteOf(id, "listAuthKeys", "listauthkeys/action");
        return await withServiceErrors(site, async () => {
          const { retrying } = await load();
          const answer = await retrying.integrationRuntimes.listAuthKeys(
            resourceGroup,
            factory,
            name,
            callOptions(limit),
          );
          const keys: AuthKeys = {
            authKey1: authKey(answer.authKey1, site),
            authKey2: authKey(answer.authKey2, site),
          };
          if (keys.authKey1.equals(keys.authKey2)) throw unexpected(site, "both keys have the same value");
          return keys;
        });
      },
      async nodes(limit) {
        const site = siteOf(id, "getStatus", "getstatus/*");
        return await withServiceErrors(site, async () => {
          const { retrying } = await load();
          const { properties } = await retrying.integrationRuntimes.getStatus(
            resourceGroup,
            factory,
            name,
            callOptions(limit),
          );
          const nodes = (properties as SelfHostedIntegrationRuntimeStatus).nodes ?? [];
          return nodes.map((node) => ({
            name: node.nodeName ?? "",
            status: node.status ?? "",
            version: node.version,
            registeredAt: node.registerTime?.getTime(),
            lastConnectedAt: node.lastConnectTime?.getTime(),
          }));
        });
      },
      async regenerate(key, limit) {
        const site = siteOf(id, "regenerateAuthKey", "regenerateauthkey/action");
        return await withServiceErrors(site, async () => {
          const { single } = await load();
          const options = callOptions(limit, limit.timeoutMs);
          const answer = await single.integrationRuntimes.regenerateAuthKey(
            resourceGroup,
            factory,
            name,
            { keyName: key },
            options,
          );
          return authKey(answer[key], site);
        });
      },
    };
  };
}

async function loadClients(armUrl: string, credential: Credential, subscriptionId: string): Promise<Clients> {
  const { DataFactoryManagementClient } = await import("@azure/arm-datafactory");
  // `$host` forms the URL and `endpoint` the token's scope (docs/azure.md).
  const options = { $host: armUrl, endpoint: armUrl, additionalPolicies: [hiddenAgent, retryWithinLimit] };
  return {
    retrying: new DataFactoryManagementClient(credential, subscriptionId, {
      ...options,
      retryOptions: ONE_RETRY,
    }),
    single: new DataFactoryManagementClient(credential, subscriptionId, {
      ...options,
      retryOptions: NO_RETRY,
    }),
  };
}

function kindOf(
  properties: { type?: string; typeProperties?: unknown } | undefined,
  site: CallSite,
): RuntimeKind {
  if (properties?.type === "Managed") return "managed";
  if (properties?.type !== "SelfHosted")
    throw unexpected(site, "the runtime is neither SelfHosted nor Managed");
  return "linkedInfo" in properties && properties.linkedInfo ? "linked" : "self-hosted";
}

function authKey(text: string | undefined, site: CallSite): KeyValue {
  const value = new KeyValue(text ?? "");
  if (!value.isAuthKey()) throw unexpected(site, "the answer lacks an auth key");
  return value;
}

function siteOf(id: RuntimeId, operation: string, action: string): CallSite {
  return {
    service: "Azure Resource Manager",
    operation,
    target: id.text,
    permission: `Microsoft.DataFactory/factories/integrationruntimes/${action} on the runtime`,
  };
}
