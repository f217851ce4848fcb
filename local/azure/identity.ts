import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json, type Reply } from "./answers.ts";
import { AzureError } from "./model/azureError.ts";
import { performOpen } from "./perform.ts";
import type { World } from "./world.ts";

export interface Identity {
  /** For `IDENTITY_ENDPOINT`. */
  endpoint: string;
  /** For `IDENTITY_HEADER`. */
  header: string;
  stop(): Promise<void>;
}

/** The managed identity endpoint of App Service on plain http (docs/azure.md). */
export async function startIdentity(world: World): Promise<Identity> {
  const header = randomUUID();
  const server = createServer((request, response) => {
    serve(world, header, request, response).catch((error) => response.destroy(error));
  });
  server.listen(0, "127.0.0.1");
  await new Promise<void>((resolve, reject) => server.once("listening", resolve).once("error", reject));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}/msi/token`,
    header,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  world: World,
  header: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { searchParams: query } = new URL(request.url ?? "/", "http://127.0.0.1");
  const resource = query.get("resource") ?? "";
  const settings = world.identity;
  const reply = await performOpen(world, {
    service: "identity",
    operation: "token",
    resource,
    run: () => {
      if (request.headers["x-identity-header"] !== header) {
        throw new AzureError(403, "Forbidden", "The X-IDENTITY-HEADER header is missing or wrong.");
      }
      if (resource === "") throw new AzureError(400, "BadRequest", "The resource is missing.");
      if (query.get("client_id") !== (settings.clientId ?? null)) {
        throw new AzureError(400, "BadRequest", "No MSI found for specified ClientId/ResourceId.");
      }
      const audience = settings.audience ?? resource;
      const { token, expiresAt } = world.tokens.issue(audience, settings.tokenLifetime, settings.clientId);
      return json({
        access_token: token,
        expires_on: `${Math.floor(expiresAt / 1000)}`,
        resource: audience,
        token_type: "Bearer",
        client_id: settings.clientId,
      });
    },
  });
  write(response, reply);
}

function write(response: ServerResponse, reply: Reply): void {
  if (reply === "stall") return;
  if (reply === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body } = "cut" in reply ? reply.cut : reply;
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  if (!("cut" in reply)) response.end(body);
  else response.write(body.slice(0, body.length / 2), () => response.destroy());
}
