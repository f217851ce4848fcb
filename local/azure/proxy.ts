import type { AddressInfo, Server } from "node:net";
import { type CompletedRequest, getLocal } from "mockttp";
import type { Reply } from "./answers.ts";
import type { CertificateAuthority } from "./certificates.ts";

export interface HttpRequest {
  method: string;
  /** The host that the client wanted to reach, lower-cased. */
  host: string;
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
}

export interface Proxy {
  /** For `HTTPS_PROXY`. */
  url: string;
  stop(): Promise<void>;
}

/**
 * An egress proxy on 127.0.0.1 that ends every tunnel in itself and answers in place of the host. It has no
 * rule that passes anything on, so it connects to nothing.
 */
export async function startProxy(
  authority: CertificateAuthority,
  answer: (request: HttpRequest) => Promise<Reply>,
): Promise<Proxy> {
  const { keyPath, certPath } = authority;
  const server = getLocal({ https: { keyPath, certPath }, http2: false, recordTraffic: false });
  const address = listenOnLoopback(server);
  await server.start(0);
  if (address() !== "127.0.0.1") {
    await server.stop();
    throw new Error(`The proxy listens on ${address()} instead of 127.0.0.1`);
  }
  await server.forAnyRequest().thenCallback(async (request) => respond(await answer(await read(request))));
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop() };
}

/**
 * mockttp listens on every interface and has no option for it, so its server is caught on the way in.
 * Returns a look at the address that came of it.
 */
function listenOnLoopback(mockttp: object): () => string | undefined {
  let caught: Server | undefined;
  Object.defineProperty(mockttp, "server", {
    get: () => caught,
    set: (server: Server) => {
      const listen = server.listen.bind(server);
      caught = Object.assign(server, { listen: (port: number) => listen(port, "127.0.0.1") });
    },
  });
  return () => (caught?.address() as AddressInfo | null | undefined)?.address;
}

async function read(request: CompletedRequest): Promise<HttpRequest> {
  const url = new URL(request.url);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, `${value}`]);
  return {
    method: request.method,
    host: url.hostname.toLowerCase(),
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: Object.fromEntries(headers),
    body: (await request.body.getText()) ?? "",
  };
}

async function respond(reply: Reply) {
  if (reply === "reset") return reply;
  if (reply === "stall") return new Promise<never>(() => {});
  const { status, headers, body } = "cut" in reply ? reply.cut : reply;
  const bytes = Buffer.from(body);
  const length = { "content-length": `${bytes.length}` };
  if (!("cut" in reply)) return { statusCode: status, headers: { ...headers, ...length }, rawBody: bytes };
  // The connection closes after the body, and the body is shorter than it says.
  const cut = { ...headers, ...length, connection: "close" };
  return { statusCode: status, headers: cut, rawBody: bytes.subarray(0, bytes.length / 2) };
}
