import { json, type Reply } from "./answers.ts";
import { describeFactory, describeRuntime, describeStatus } from "./armBodies.ts";
import { listPage } from "./armLists.ts";
import { parseObject } from "./jsonBody.ts";
import { armErrors } from "./model/armErrors.ts";
import { AzureError } from "./model/azureError.ts";
import {
  getRuntime,
  KEY_NAMES,
  type KeyName,
  listAuthKeys,
  listFactories,
  listRuntimes,
  regenerateAuthKey,
} from "./model/dataFactory.ts";
import type { GuardedOperation } from "./model/needs.ts";
import { performGuarded, performOpen } from "./perform.ts";
import type { HttpRequest } from "./proxy.ts";
import type { World } from "./world.ts";

const FACTORIES =
  /^(\/subscriptions\/([^/]+)(?:\/resourceGroups\/[^/]+)?)\/providers\/Microsoft\.DataFactory\/factories$/i;
const FACTORY =
  /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.DataFactory\/factories\/[^/]+)\/integrationRuntimes(\/.+)?$/i;

interface Route {
  operation: GuardedOperation;
  resource: string;
  run(): unknown;
}

/** Data Factory behind Azure Resource Manager (docs/azure.md), which compares paths without case. */
export function answerArm(world: World, request: HttpRequest): Promise<Reply> {
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(request.path)?.[1] ?? "";
  const route = findFactoriesRoute(world, request) ?? findRuntimeRoute(world, request);
  if (route === undefined) {
    return performOpen(world, {
      service: "arm",
      operation: "unknown",
      resource: request.path,
      run: () => {
        throw new AzureError(404, "NotFound", `No such operation: ${request.method} ${request.path}`);
      },
    });
  }
  return performGuarded(world, {
    service: "arm",
    operation: route.operation,
    resource: route.resource,
    subscription,
    principal: world.tokens.principal(request.headers.authorization),
    authenticate: () => authenticate(world, request),
    run: () => {
      checkApiVersion(request.query);
      return json(route.run());
    },
  });
}

function findFactoriesRoute(world: World, request: HttpRequest): Route | undefined {
  const [, scope] = FACTORIES.exec(request.path) ?? [];
  if (scope === undefined || request.method !== "GET") return undefined;
  return {
    operation: "listFactories",
    resource: scope,
    run: () => {
      const found = listFactories(world.state.dataFactory, scope);
      return listPage(world, request, "listFactories", found, describeFactory);
    },
  };
}

function findRuntimeRoute(world: World, request: HttpRequest): Route | undefined {
  const [, factory, rest = ""] = FACTORY.exec(request.path) ?? [];
  if (factory === undefined) return undefined;
  // What follows the collection of runtimes, such as `/alpha/listAuthKeys`.
  const [, name = "", verb = ""] = rest.split("/");
  const id = `${request.path.slice(0, request.path.length - rest.length)}/${name}`;
  const { dataFactory } = world.state;
  switch (`${request.method} ${name === "" ? "" : "runtime"} ${verb}`.toLowerCase()) {
    case "get  ":
      return {
        operation: "listByFactory",
        resource: factory,
        run: () => {
          const found = listRuntimes(dataFactory, factory);
          return listPage(world, request, "listByFactory", found, describeRuntime);
        },
      };
    case "get runtime ":
      return {
        operation: "getRuntime",
        resource: id,
        run: () => describeRuntime(getRuntime(dataFactory, id)),
      };
    case "post runtime listauthkeys":
      return { operation: "listAuthKeys", resource: id, run: () => listAuthKeys(dataFactory, id) };
    case "post runtime getstatus":
      return {
        operation: "getStatus",
        resource: id,
        run: () => describeStatus(dataFactory, id, world.clock.now()),
      };
    case "post runtime regenerateauthkey":
      return {
        operation: "regenerateAuthKey",
        resource: id,
        run: () => regenerateAuthKey(dataFactory, id, parseKeyName(request.body), world.clock.now()),
      };
    default:
      return undefined;
  }
}

function parseKeyName(body: string): KeyName {
  const asked = parseObject(body)?.keyName;
  const name = KEY_NAMES.find((known) => known === asked);
  if (name === undefined) throw armErrors.unknownKeyName(`${asked}`);
  return name;
}

function checkApiVersion(query: URLSearchParams): void {
  const version = query.get("api-version");
  if (version === null) {
    throw new AzureError(400, "MissingApiVersionParameter", "The api-version query parameter is required.");
  }
  if (version !== "2018-06-01") {
    throw new AzureError(400, "InvalidApiVersionParameter", `The api-version '${version}' is invalid.`);
  }
}

function authenticate(world: World, { host, headers }: HttpRequest): void {
  const audiences = [`https://${host}`, `https://${host}/`, ...CLASSIC_AUDIENCES];
  const problem = world.tokens.problem(headers.authorization, audiences);
  if (problem === undefined) return;
  switch (problem.reason) {
    case "missing":
      throw armErrors.unauthenticated(
        "AuthenticationFailed",
        "Authentication failed. The 'Authorization' header is missing.",
      );
    case "unknown":
      throw armErrors.unauthenticated("InvalidAuthenticationToken", "The access token is invalid.");
    case "expired":
      throw armErrors.unauthenticated(
        "ExpiredAuthenticationToken",
        `The access token expiry UTC time '${new Date(problem.expiresAt).toISOString()}' is earlier than current UTC time '${new Date().toISOString()}'.`,
      );
    case "audience":
      throw armErrors.unauthenticated(
        "InvalidAuthenticationTokenAudience",
        `The access token has been obtained for wrong audience or resource '${problem.audience}'. It should exactly match with one of the allowed audiences '${audiences.join("','")}'.`,
      );
  }
}

const CLASSIC_AUDIENCES = ["https://management.core.windows.net", "https://management.core.windows.net/"];
