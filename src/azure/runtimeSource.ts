/** Lists the runtimes in the scope of a pattern. */
import type { Factory, IntegrationRuntimeResource } from "@azure/arm-datafactory";
import { Refusal } from "../config/problems.ts";
import { parseRuntimeId, type RuntimeId } from "../config/runtimeId.ts";
import type { RuntimeScope } from "../config/runtimePattern.ts";
import { OutOfTimeError, ServiceError } from "../errors.ts";
import type { CallLimit, RuntimeKind, RuntimeSource, ScopeListing } from "../services.ts";
import type { ArmClients } from "./armClients.ts";
import type { CallSite } from "./call.ts";
import { callService } from "./callService.ts";
import { kindOf } from "./dataFactory.ts";
import { unexpected } from "./sdkError.ts";

type ClientsFor = (subscriptionId: string) => Promise<ArmClients>;

/** A page of an SDK's list; its token, the address of the next page, is kept beside it. */
interface Pages<T> {
  byPage(settings: { continuationToken?: string }): AsyncIterableIterator<T[]>;
}

/** Lists the runtimes of one factory, or of all in a resource group or subscription, page by page. */
export function connectRuntimeSource(armUrl: string, clientsFor: ClientsFor): RuntimeSource {
  return {
    async list(scope, limit) {
      const runtimes: { id: RuntimeId; kind: RuntimeKind }[] = [];
      const failures: ScopeListing["failures"][number][] = [];
      const attempt = async (work: () => Promise<void>) => {
        try {
          await work();
        } catch (error) {
          if (!(error instanceof ServiceError || error instanceof OutOfTimeError)) throw error;
          failures.push(error);
        }
      };
      await attempt(async () => {
        for await (const factory of factoriesIn(scope, armUrl, clientsFor, limit)) {
          await attempt(async () => {
            for await (const found of runtimesIn(scope, factory, armUrl, clientsFor, limit)) {
              runtimes.push(found);
            }
          });
        }
      });
      return { runtimes, failures };
    },
  };
}

interface FactoryName {
  readonly resourceGroup: string;
  readonly factory: string;
}

async function* factoriesIn(
  { subscriptionId, resourceGroup, factory }: RuntimeScope,
  armUrl: string,
  clientsFor: ClientsFor,
  limit: () => Promise<CallLimit>,
): AsyncGenerator<FactoryName> {
  if (resourceGroup !== undefined && factory !== undefined) {
    yield { resourceGroup, factory };
    return;
  }
  const target = `/subscriptions/${subscriptionId}${resourceGroup ? `/resourceGroups/${resourceGroup}` : ""}`;
  const site = siteOf("listFactories", target, "Microsoft.DataFactory/factories/read");
  const pages = pagesOf<Factory>(site, armUrl, limit, async (options) => {
    const { factories } = (await clientsFor(subscriptionId)).retrying;
    return resourceGroup === undefined
      ? factories.list(options)
      : factories.listByResourceGroup(resourceGroup, options);
  });
  for await (const { id, name } of pages) {
    const [, group] = /\/resourceGroups\/([^/]+)\//i.exec(id ?? "") ?? [];
    if (group === undefined || name === undefined) throw unexpected(site, "a factory has no id");
    yield { resourceGroup: group, factory: name };
  }
}

async function* runtimesIn(
  { subscriptionId }: RuntimeScope,
  { resourceGroup, factory }: FactoryName,
  armUrl: string,
  clientsFor: ClientsFor,
  limit: () => Promise<CallLimit>,
): AsyncGenerator<{ id: RuntimeId; kind: RuntimeKind }> {
  const parent = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.DataFactory/factories/${factory}`;
  const site = siteOf("listByFactory", parent, "Microsoft.DataFactory/factories/integrationruntimes/read");
  const pages = pagesOf<IntegrationRuntimeResource>(site, armUrl, limit, async (options) =>
    (await clientsFor(subscriptionId)).retrying.integrationRuntimes.listByFactory(
      resourceGroup,
      factory,
      options,
    ),
  );
  for await (const { name, properties } of pages) {
    const id = parseRuntimeId(`${parent}/integrationRuntimes/${name}`);
    if (id === undefined || id instanceof Refusal) throw unexpected(site, "a runtime has no valid name");
    // Anything that is not self-hosted has no keys and is passed over.
    yield { id, kind: properties?.type === "SelfHosted" ? kindOf(properties, site) : "managed" };
  }
}

/** Each page is a call of its own, so that a proxy's answer is not taken for the last page. */
async function* pagesOf<T>(
  site: CallSite,
  armUrl: string,
  limit: () => Promise<CallLimit>,
  list: (options: object) => Promise<Pages<T>>,
): AsyncGenerator<T> {
  let continuationToken: string | undefined;
  do {
    const { page, json } = await callService(site, await limit(), async (options, call) => {
      const settings = continuationToken === undefined ? {} : { continuationToken };
      const { value } = await (await list(options)).byPage(settings).next();
      return { page: value as T[], json: call.answer?.json };
    });
    // The SDK turns whatever is not a list into an empty one.
    if (!isList((json as { value?: unknown } | undefined)?.value)) {
      throw unexpected(site, "the answer holds no list of what was asked for");
    }
    yield* page;
    const { getContinuationToken } = await import("@azure/arm-datafactory");
    continuationToken = getContinuationToken(page);
    // The request carries a token, so the next page must be at the same host.
    if (continuationToken !== undefined && !continuationToken.startsWith(`${armUrl}/`)) {
      throw unexpected(site, "the next page is said to be at another host");
    }
  } while (continuationToken !== undefined);
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "object" && item !== null);
}

function siteOf(operation: string, target: string, permission: string): CallSite {
  return { service: "Azure Resource Manager", operation, target, permission: `${permission} on ${target}` };
}
