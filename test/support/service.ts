import { inspect } from "node:util";
import {
  HttpRequest,
  HttpResponse,
  type HttpResponseInit,
  InvocationContext,
  type Timer,
} from "@azure/functions";
import { vi } from "vitest";
import { mistakesInAnswer, mistakesInRequest, operation } from "./openApi.ts";

export const SUBSCRIPTION = "11111111-1111-1111-1111-111111111111";
export const VAULT = "https://contoso.vault.azure.net";

/** The ARM id of a made-up runtime. */
export function runtimeId(name: string, factory = "contoso"): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.DataFactory/factories/${factory}/integrationRuntimes/${name}`;
}

export interface Log {
  level: string;
  text: string;
}

export interface Tick {
  /** What the invocation threw, as the host would log it. */
  failure: string | undefined;
  log: Log[];
  /** Those of the log lines that are about one runtime, parsed. */
  outcomes: Outcome[];
  summary: Record<string, number>;
}

export interface Outcome {
  runtime: string;
  secret: string;
  outcome: string;
  reason: string;
  message: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what is in it
  body: any;
  /** The body as it was sent. */
  text: string;
  log: Log[];
}

/** The app's three functions, called as the host calls them. */
export interface Service {
  tick(): Promise<Tick>;
  rotate(body?: unknown, headers?: Record<string, string>, query?: string): Promise<Answer>;
  /** With a body as it is, text or bytes. */
  post(body: string | Uint8Array | undefined): Promise<Answer>;
  /** With an `Accept` header where the client has one; a page's body is its text. */
  status(query?: string, accept?: string): Promise<Answer>;
}

export type Settings = Readonly<Record<string, string>>;

/** Everything that any service of this test file let out of its process, for the ninth promise. */
export const told: string[] = [];

let namesOfLast: string[] = [];

/**
 * Loads the app as a new process would: its settings are read once, when a function first runs. Those of the last one are gone.
 * Each answer is held against docs/openapi.json, and so is each body that is taken.
 */
export async function loadService(settings: Settings): Promise<Service> {
  vi.resetModules();
  for (const name of namesOfLast) delete process.env[name];
  namesOfLast = Object.keys(settings);
  Object.assign(process.env, settings);
  const { rotateOnSchedule } = await import("../../src/functions/rotateOnSchedule.ts");
  const { rotateOnDemand } = await import("../../src/functions/rotateOnDemand.ts");
  const { status } = await import("../../src/functions/status.ts");

  const call = async (
    handler: (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>,
    request: HttpRequest,
  ): Promise<Answer> => {
    const documented = operation(request.method, new URL(request.url).pathname.replace("/api/", ""));
    const log: Log[] = [];
    const sent = request.clone();
    const response = new HttpResponse(await handler(request, contextFor(handler.name, log)));
    const text = await response.text();
    told.push(text, inspect(response.headers, { depth: null }));
    const { status } = response;
    const headers = response.headers as Headers;
    const isPage = headers.get("content-type")?.startsWith("text/html") ?? false;
    const answer = { status, headers, body: isPage ? text : JSON.parse(text), text, log };
    const mistakes = mistakesInAnswer(documented, answer);
    if (status < 400 || status === 404 || status === 409 || status === 502) {
      mistakes.push(...mistakesInRequest(documented, JSON.parse((await sent.text()) || "{}")));
    }
    if (mistakes.length > 0) throw new Error(`not as docs/openapi.json has it: ${mistakes.join("; ")}`);
    return answer;
  };
  const post = (
    body: string | Uint8Array | undefined,
    headers: Record<string, string> = {},
    query = "",
  ): Promise<Answer> => call(rotateOnDemand, requestOf("POST", `rotate${query}`, body, headers));

  const placeOf = (id: string) => settings.RUNTIMES?.indexOf(id) ?? 0;

  return {
    async tick() {
      const log: Log[] = [];
      let failure: string | undefined;
      try {
        await rotateOnSchedule(TIMER, contextFor("rotateOnSchedule", log));
      } catch (error) {
        failure = `${error}`;
        told.push(inspect(error, { depth: null, showHidden: true, getters: true, maxStringLength: null }));
      }
      const events = log.map(({ text }) => JSON.parse(text));
      // Written as they become known; compared in the order of the configuration.
      const outcomes = events
        .filter(({ event }) => event === "rotation.runtime")
        .toSorted((a, b) => placeOf(a.runtime) - placeOf(b.runtime));
      return {
        failure,
        log,
        outcomes,
        summary: events.find(({ event }) => event === "rotation.run")?.summary,
      };
    },
    rotate: (body, headers, query) =>
      post(body === undefined ? undefined : JSON.stringify(body), headers, query),
    post,
    status: (query = "", accept) =>
      call(status, requestOf("GET", `status${query}`, undefined, accept === undefined ? {} : { accept })),
  };
}

const TIMER: Timer = {
  isPastDue: false,
  schedule: { adjustForDST: false },
  scheduleStatus: { last: "", next: "", lastUpdated: "" },
};

function contextFor(functionName: string, log: Log[]): InvocationContext {
  return new InvocationContext({
    functionName,
    logHandler: (level, ...args) => {
      const text = args.map(String).join(" ");
      told.push(text);
      log.push({ level, text });
    },
  });
}

function requestOf(
  method: string,
  path: string,
  body: string | Uint8Array | undefined,
  headers: Record<string, string>,
): HttpRequest {
  const url = `https://rotation.azurewebsites.net/api/${path}`;
  if (body === undefined) return new HttpRequest({ url, method, headers });
  return new HttpRequest({
    url,
    method,
    headers,
    body: typeof body === "string" ? { string: body } : { bytes: body },
  });
}
