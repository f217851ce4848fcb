import {
  AccountSASPermissions,
  generateAccountSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { type Answer, errorAnswer, type Reply } from "./answers.ts";
import { ACCOUNT, type Azurite, KEY } from "./azurite.ts";
import { AzureError } from "./model/azureError.ts";
import type { Operation } from "./model/calls.ts";
import { performOpen } from "./perform.ts";
import type { HttpRequest } from "./proxy.ts";
import type { World } from "./world.ts";

const AUDIENCES = ["https://storage.azure.com", "https://storage.azure.com/"];

/** The headers of an answer that are its connection's, not its own. */
const OF_CONNECTION = ["connection", "keep-alive", "transfer-encoding", "content-length"];

/**
 * A storage account that an identity opens: `https://….blob.core.windows.net`. Azurite does the work; it takes tokens
 * over https alone, so the token is checked here and Azurite gets a signature of its own.
 */
export function answerBlobs(world: World, azurite: Azurite, request: HttpRequest): Promise<Reply> {
  return performOpen(world, {
    service: "storage",
    operation: operationOf(request),
    resource: `https://${request.host}${request.path}`,
    run: async () => {
      if (world.tokens.problem(request.headers.authorization, AUDIENCES) === undefined) {
        return await passOn(azurite, request);
      }
      const text = "Server failed to authenticate the request.";
      return errorAnswer("storage", new AzureError(401, "InvalidAuthenticationInfo", text));
    },
  });
}

function operationOf({ method, query, headers }: HttpRequest): Operation {
  const action = headers["x-ms-lease-action"];
  if (action === "acquire" || action === "renew" || action === "release") return `${action}Lease`;
  if (method === "PUT") return query.get("restype") === "container" ? "createContainer" : "putBlob";
  return "unknown";
}

async function passOn(
  azurite: Azurite,
  { method, path, query, headers, body }: HttpRequest,
): Promise<Answer> {
  const signature = generateAccountSASQueryParameters(
    {
      expiresOn: new Date(Date.now() + 3_600_000),
      services: "b",
      resourceTypes: "sco",
      permissions: AccountSASPermissions.parse("rwdlac"),
    },
    new StorageSharedKeyCredential(ACCOUNT, KEY),
  );
  const own = Object.entries(headers).filter(([name]) => /^(?:x-ms-|if-|content-type$)/.test(name));
  const answer = await fetch(`${azurite.url}${path}?${query}&${signature}`, {
    method,
    headers: own as [string, string][],
    ...(method === "GET" || method === "HEAD" ? {} : { body }),
  });
  const kept = [...answer.headers].filter(([name]) => !OF_CONNECTION.includes(name));
  return { status: answer.status, headers: Object.fromEntries(kept), body: await answer.text() };
}
