import { createServer, type IncomingMessage, request as requestFrom, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

export interface FrontAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** The local Azure's faults, for servers that it does not play itself. */
export type FrontFault = FrontAnswer | "reset" | "cut" | "stall";

export interface FrontHit {
  when: "before" | "after";
  /** Without one, there is only a delay. */
  fault?: FrontFault | undefined;
  delayMs?: number | undefined;
}

export interface FrontRequest {
  path: string;
  query: URLSearchParams;
  headers: NodeJS.Dict<string | string[]>;
}

export interface FrontRule {
  /** What strikes this request, asked once for each; undefined: nothing. */
  meet(request: FrontRequest): FrontHit | undefined;
  /** What the server behind it really answered; not told where nothing reached it. */
  answered?(request: FrontRequest, answer: FrontAnswer): void;
}

export interface Front {
  /** `http://127.0.0.1:port` */
  origin: string;
  stop(): Promise<void>;
}

/** Stands in front of a server on 127.0.0.1 and passes everything on, unless a fault strikes. */
export async function startFront(target: string, rule: FrontRule): Promise<Front> {
  const server = createServer((incoming, outgoing) => {
    void serve(new URL(target), rule, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await new Promise<void>((resolve, reject) => server.once("listening", resolve).once("error", reject));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(target: URL, rule: FrontRule, incoming: IncomingMessage, outgoing: ServerResponse) {
  const body = await read(incoming);
  const { pathname: path, searchParams: query } = new URL(incoming.url ?? "/", target);
  const request = { path, query, headers: incoming.headers };
  const met = rule.meet(request);
  if (met?.delayMs !== undefined) await delay(met.delayMs);
  if (met?.fault && met.when === "before")
    return reply(outgoing, met.fault, { status: 200, headers: {}, body: "{}" });
  const answer = await ask(target, incoming, body);
  rule.answered?.(request, answer);
  reply(outgoing, met?.fault ?? answer, answer);
}

function ask(
  { hostname: host, port }: URL,
  { url: path, method, headers }: IncomingMessage,
  body: Buffer,
): Promise<FrontAnswer> {
  return new Promise((resolve, reject) => {
    requestFrom({ host, port, path, method, headers }, async (response) => {
      const headers = Object.entries(response.headers).map(([name, it]) => [name, `${it}`]);
      const text = (await read(response)).toString();
      resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body: text });
    })
      .once("error", reject)
      .end(body);
  });
}

function reply(outgoing: ServerResponse, fault: FrontFault, answer: FrontAnswer): void {
  if (fault === "stall") return;
  if (fault === "reset") {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body } = fault === "cut" ? answer : fault;
  const { "transfer-encoding": _, connection: __, "keep-alive": ___, ...rest } = headers;
  // Where it is cut, the connection ends in the middle of what was announced, also where the answer has no body.
  const length = Buffer.byteLength(body) + (fault === "cut" ? 10 : 0);
  outgoing.writeHead(status, { ...rest, "content-length": length });
  if (fault === "cut") outgoing.write(body.slice(0, body.length / 2) || " ", () => outgoing.destroy());
  else outgoing.end(body);
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
