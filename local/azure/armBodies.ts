import { type DataFactoryState, type Factory, getRuntime, type Runtime } from "./model/dataFactory.ts";
import { listNodes, type NodeReport, runtimeState } from "./model/nodes.ts";

export function describeFactory(factory: Factory): object {
  return {
    id: factory.id,
    name: nameOf(factory),
    type: "Microsoft.DataFactory/factories",
    location: factory.region,
    tags: {},
    properties: {
      provisioningState: "Succeeded",
      createTime: isoTime(factory.createdAt),
      version: "2018-06-01",
    },
  };
}

/** As the service tells it: with the type in its own case within the id (docs/azure.md). */
export function describeRuntime(runtime: Runtime): object {
  const typeProperties =
    runtime.kind === "managed"
      ? { computeProperties: { location: "AutoResolve" } }
      : { linkedInfo: { authorizationType: "RBAC", resourceId: runtime.linkedTo } };
  return {
    id: runtime.id.replace(/\/integrationRuntimes\//i, "/integrationruntimes/"),
    name: nameOf(runtime),
    type: "Microsoft.DataFactory/factories/integrationruntimes",
    properties: {
      type: typeOf(runtime),
      ...(runtime.kind === "self-hosted" ? {} : { typeProperties }),
    },
  };
}

/** The answer of `getStatus` (docs/azure.md). */
export function describeStatus(state: DataFactoryState, id: string, now: number): object {
  const runtime = getRuntime(state, id);
  const createTime = isoTime(runtime.createdAt);
  if (runtime.kind === "managed") {
    return statusOf(runtime, "Online", { createTime, nodes: [], otherErrors: [], lastOperation: null });
  }
  const nodes = listNodes(state, id, now);
  return statusOf(runtime, runtimeState(nodes), {
    autoUpdate: "On",
    autoUpdateETA: null,
    capabilities: nodes.length === 0 ? {} : CAPABILITIES,
    createTime,
    internalChannelEncryption: "NotEncrypted",
    latestVersion: nodes[0]?.version ?? null,
    links: [],
    localTimeZoneOffset: "PT0S",
    nodes: nodes.map(describeNode),
    pushedVersion: null,
    scheduledUpdateDate: null,
    serviceUrls: [`${factoryOf(runtime)}.datafactory.azure.net`],
    taskQueueId: runtime.guid,
    updateDelayOffset: "PT3H",
    version: nodes[0]?.version ?? null,
    versionStatus: nodes.length === 0 ? "None" : "UpToDate",
  });
}

function statusOf(runtime: Runtime, state: string, typeProperties: object): object {
  const properties = { dataFactoryName: factoryOf(runtime), state, type: typeOf(runtime), typeProperties };
  return { name: nameOf(runtime), properties };
}

function describeNode(node: NodeReport, index: number): object {
  return {
    nodeName: node.name,
    machineName: node.name,
    hostServiceUri: `https://${node.name}:8060/HostServiceRemote.svc/`,
    status: node.status,
    capabilities: CAPABILITIES,
    versionStatus: "UpToDate",
    version: node.version,
    registerTime: isoTime(node.registeredAt),
    lastConnectTime: isoTime(node.lastConnectedAt),
    expiryTime: null,
    lastStartTime: isoTime(node.startedAt),
    lastStopTime: node.stoppedAt === undefined ? null : isoTime(node.stoppedAt),
    lastUpdateResult: "None",
    lastStartUpdateTime: null,
    lastEndUpdateTime: null,
    isActiveDispatcher: index === 0,
    concurrentJobsLimit: 4,
    maxConcurrentJobs: 12,
  };
}

const CAPABILITIES = {
  connectedToResourceManager: "True",
  credentialInSync: "True",
  httpsPortEnabled: "True",
  nodeEnabled: "True",
  serviceBusConnected: "True",
};

function typeOf(runtime: Runtime): string {
  return runtime.kind === "managed" ? "Managed" : "SelfHosted";
}

function nameOf({ id }: Runtime | Factory): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

function factoryOf({ id }: Runtime): string {
  return /\/factories\/([^/]+)/i.exec(id)?.[1] ?? "";
}

/** With seven digits of a second, as .NET writes them. */
function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "0000Z");
}
