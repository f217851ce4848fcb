/** The keys and nodes of Data Factory's integration runtimes. */
import type {
  IntegrationRuntimeStatusUnion,
  SelfHostedIntegrationRuntimeStatus,
} from "@azure/arm-datafactory";
import type { RuntimeId } from "../config/runtimeId.ts";
import { KeyValue } from "../keyValue.ts";
import type { AuthKeys, RuntimeKeys, RuntimeKind, RuntimeNode } from "../services.ts";
import type { ArmClients } from "./armClients.ts";
import type { CallSite } from "./call.ts";
import { callService } from "./callService.ts";
import { partsOf } from "./parts.ts";
import { unexpected } from "./sdkError.ts";

/** Connects the runtimes through Azure Resource Manager. */
export function connectDataFactory(
  clientsFor: (subscriptionId: string) => Promise<ArmClients>,
): (id: RuntimeId) => RuntimeKeys {
  return (id) => {
    const { subscriptionId, resourceGroup, parent: factory, name } = id;
    return {
      async kind(limit) {
        const site = siteOf(id, "get", "read");
        const { properties } = await callService(site, limit, async (options) => {
          const { retrying } = await clientsFor(subscriptionId);
          return await retrying.integrationRuntimes.get(resourceGroup, factory, name, options);
        });
        return kindOf(properties, site);
      },
      async list(limit) {
        const site = siteOf(id, "listAuthKeys", "listauthkeys/action");
        const answer = await callService(site, limit, async (options) => {
          const { retrying } = await clientsFor(subscriptionId);
          return await retrying.integrationRuntimes.listAuthKeys(resourceGroup, factory, name, options);
        });
        const keys: AuthKeys = {
          authKey1: authKey(answer.authKey1, site),
          authKey2: authKey(answer.authKey2, site),
        };
        if (keys.authKey1.equals(keys.authKey2)) throw unexpected(site, "both keys have the same value");
        return keys;
      },
      async regenerate(key, limit) {
        const site = siteOf(id, "regenerateAuthKey", "regenerateauthkey/action");
        const oneAttempt = { ...limit, attemptMs: limit.timeoutMs };
        const answer = await callService(site, oneAttempt, async (options) => {
          const { single } = await clientsFor(subscriptionId);
          const { integrationRuntimes } = single;
          return await integrationRuntimes.regenerateAuthKey(
            resourceGroup,
            factory,
            name,
            { keyName: key },
            options,
          );
        });
        return authKey(answer[key], site);
      },
      async nodes(limit) {
        const site = siteOf(id, "getStatus", "getstatus/*");
        const { properties } = await callService(site, limit, async (options) => {
          const { retrying } = await clientsFor(subscriptionId);
          return await retrying.integrationRuntimes.getStatus(resourceGroup, factory, name, options);
        });
        return nodesOf(properties, site);
      },
    };
  };
}

export function kindOf(
  properties: { type?: string; typeProperties?: unknown } | undefined,
  site: CallSite,
): RuntimeKind {
  if (properties?.type === "Managed") return "managed";
  if (properties?.type !== "SelfHosted")
    throw unexpected(site, "the runtime is neither SelfHosted nor Managed");
  return "linkedInfo" in properties && properties.linkedInfo ? "linked" : "self-hosted";
}

/** A missing list counts as empty, provided that the answer is the status of a self-hosted runtime. */
function nodesOf(status: IntegrationRuntimeStatusUnion, site: CallSite): readonly RuntimeNode[] {
  if (status?.type !== "SelfHosted")
    throw unexpected(site, "the answer is not the status of a SelfHosted runtime");
  const parts = partsOf(site);
  const { nodes } = status as SelfHostedIntegrationRuntimeStatus;
  return (nodes ?? []).map((node) => {
    // The SDK does not check that a node is not null.
    const { nodeName, status, version, registerTime, lastConnectTime } = node ?? {};
    return {
      name: parts.text(nodeName),
      status: parts.text(status),
      version: version ? parts.text(version) : undefined,
      registeredAt: registerTime ? parts.time(registerTime) : undefined,
      lastConnectedAt: lastConnectTime ? parts.time(lastConnectTime) : undefined,
    };
  });
}

function authKey(text: unknown, site: CallSite): KeyValue {
  const value = new KeyValue(typeof text === "string" ? text : "");
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
