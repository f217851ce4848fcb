import { type Answer, json, type Reply } from "./answers.ts";
import { getSecret, listVersions, setSecret, updateSecret, type Vault } from "./model/keyVault.ts";
import type { GuardedOperation } from "./model/needs.ts";
import { vaultErrors } from "./model/vaultErrors.ts";
import { performGuarded, performOpen } from "./perform.ts";
import type { HttpRequest } from "./proxy.ts";
import { describeItem, describeSecret, parseSecret } from "./vaultBodies.ts";
import type { World } from "./world.ts";

const AUDIENCE = "https://vault.azure.net";
/** The service's own page size. */
const PAGE = 25;

interface Route {
  operation: GuardedOperation;
  run(): Answer;
}

/** The secrets of one vault (docs/azure.md). */
export function answerVault(world: World, vault: Vault, request: HttpRequest): Promise<Reply> {
  const [, name = "", last = ""] = /^\/secrets\/([^/]+)(?:\/([^/]*))?$/.exec(request.path) ?? [];
  const route = name === "" ? undefined : findRoute(world, vault, request, name, last);
  const resource = `https://${vault.host}${name === "" ? request.path : `/secrets/${name}`}`;

  if (route === undefined) {
    return performOpen(world, {
      service: "vault",
      operation: "unknown",
      resource,
      run: () => {
        throw vaultErrors.badParameter(`No such operation: ${request.method} ${request.path}`);
      },
    });
  }
  if (request.headers.authorization === undefined) {
    return performOpen(world, {
      service: "vault",
      operation: "challenge",
      resource,
      run: () => {
        throw vaultErrors.unauthorized("AKV10000: Request is missing a Bearer or PoP token.");
      },
    });
  }
  return performGuarded(world, {
    service: "vault",
    operation: route.operation,
    resource,
    vaultHost: vault.host,
    authenticate: () => authenticate(world, request.headers.authorization),
    run: () => {
      if (!request.query.has("api-version")) throw vaultErrors.badParameter("The api-version is missing.");
      return route.run();
    },
  });
}

/** `last`: what follows the name in the path, where nothing and an empty part both mean the latest version. */
function findRoute(
  { state, clock }: World,
  vault: Vault,
  { method, query, body }: HttpRequest,
  name: string,
  last: string,
): Route | undefined {
  const version = last === "" ? undefined : last;
  if (method === "GET" && last === "versions") {
    return { operation: "listVersions", run: () => listPage(vault, name, query) };
  }
  if (method === "GET") {
    return {
      operation: version === undefined ? "getSecret" : "getSecretVersion",
      run: () => json(describeSecret(vault, name, getSecret(vault, name, version))),
    };
  }
  if (method === "PUT" && version === undefined) {
    return {
      operation: "setSecret",
      run: () => {
        const { value, fields } = parseSecret(body);
        if (value === undefined) throw vaultErrors.badParameter("The request body has no value.");
        const written = setSecret(state.keyVault, vault, name, value, fields, clock.now());
        return json(describeSecret(vault, name, written));
      },
    };
  }
  if (method === "PATCH") {
    return {
      operation: "updateSecret",
      run: () => {
        const { fields } = parseSecret(body);
        return json(describeItem(vault, name, updateSecret(vault, name, version, fields, clock.now())));
      },
    };
  }
  return undefined;
}

function listPage(vault: Vault, name: string, query: URLSearchParams): Answer {
  const size = Number(query.get("maxresults") ?? PAGE);
  if (!(size >= 1 && size <= PAGE)) throw vaultErrors.badParameter(`maxresults is not from 1 to ${PAGE}.`);
  const start = Number(query.get("$skiptoken") ?? 0);
  const versions = listVersions(vault, name);
  const next = new URLSearchParams(query);
  next.set("$skiptoken", `${start + size}`);
  return json({
    value: versions.slice(start, start + size).map((version) => describeItem(vault, name, version)),
    nextLink:
      start + size < versions.length ? `https://${vault.host}/secrets/${name}/versions?${next}` : null,
  });
}

/** Key Vault takes its audience to the letter: not even a slash at the end. */
function authenticate(world: World, authorization: string | undefined): void {
  const problem = world.tokens.problem(authorization, [AUDIENCE]);
  if (problem === undefined) return;
  switch (problem.reason) {
    case "missing":
      throw vaultErrors.unauthorized("AKV10000: Request is missing a Bearer or PoP token.");
    case "unknown":
      throw vaultErrors.unauthorized("[BearerReadAccessTokenFailed] Error validating token: 'S2S12005'.");
    case "expired":
      throw vaultErrors.unauthorized("[TokenExpired] Error validating token: 'S2S12086'.");
    case "audience":
      throw vaultErrors.unauthorized(
        `AKV10022: Invalid audience. Expected ${AUDIENCE}, found: ${problem.audience}.`,
      );
  }
}
