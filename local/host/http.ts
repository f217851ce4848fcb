import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { HttpData, TypedData } from "./coreModule.ts";
import type { FunctionApp, LoadedFunction } from "./functionApp.ts";
import { type HostKeys, opens } from "./keys.ts";

export interface Endpoints {
  functions: FunctionApp["functions"];
  keys: HostKeys;
  /** Runs an HTTP function; `undefined` where it threw. */
  call(name: string, input: TypedData): Promise<HttpData | "thrown">;
  /** Begins a function as the admin endpoint does, which does not wait for it. */
  begin(name: string): void;
}

/** The host's HTTP side, as far as docs/azure.md knows it: routes below `/api`, and `/admin/functions`. */
export function createHttpServer(endpoints: Endpoints): Server {
  return createServer((request, response) => {
    answer(endpoints, request).then(
      (reply) => write(response, reply),
      // Only a connection that broke while its request was read ends up here.
      () => response.destroy(),
    );
  });
}

async function answer(endpoints: Endpoints, request: IncomingMessage): Promise<HttpData> {
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "localhost"}`);
  const body = await read(request);
  const key = header(request, "x-functions-key") ?? url.searchParams.get("code") ?? undefined;

  const [, admin] = /^\/admin\/functions\/([^/]+)$/i.exec(url.pathname) ?? [];
  if (admin !== undefined && request.method === "POST") {
    if (!opens(endpoints.keys, "admin", key)) return empty(401);
    if (!endpoints.functions.has(admin)) return empty(404);
    if (!/^application\/json\b/i.test(header(request, "content-type") ?? "")) return empty(415);
    if (!isJson(body)) return empty(400);
    endpoints.begin(admin);
    return empty(202);
  }

  const found = [...endpoints.functions.values()].find((each) => serves(each, request.method, url.pathname));
  if (found === undefined) return empty(404);
  if (!opens(endpoints.keys, found.trigger.authLevel ?? "function", key)) return empty(401);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(", ")]),
  );
  const http: HttpData = { url: url.href, method: request.method ?? "GET", headers, body: { bytes: body } };
  const result = await endpoints.call(found.name, { http });
  return result === "thrown" ? empty(500) : result;
}

/** Routes with parameters are not played: the app has none. */
function serves({ name, trigger }: LoadedFunction, method = "", path: string): boolean {
  if (trigger.type !== "httpTrigger") return false;
  const methods = trigger.methods ?? ["GET", "POST"];
  return methods.includes(method) && path.toLowerCase() === `/api/${trigger.route ?? name}`.toLowerCase();
}

function empty(status: number): HttpData {
  return { statusCode: `${status}` };
}

function write(response: ServerResponse, { statusCode, headers, body }: HttpData): void {
  response.writeHead(Number(statusCode ?? 204), headers);
  response.end(body?.bytes ?? body?.string);
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function header(request: IncomingMessage, name: string): string | undefined {
  return [request.headers[name]].flat()[0];
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString());
    return true;
  } catch {
    return false;
  }
}
