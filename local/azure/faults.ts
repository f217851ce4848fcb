import { STATUS_CODES } from "node:http";
import { type Answer, errorAnswer, type Reply } from "./answers.ts";
import { AzureError } from "./model/azureError.ts";
import type { Call, Operation } from "./model/calls.ts";

/**
 * What goes wrong: an answer, a service's own error (`armErrors`, `vaultErrors`), a broken connection, or
 * nothing but a piece of code that runs at that moment and sees what the service is about to say, after which the call
 * goes on as usual.
 */
export type Fault =
  | { status: number; body?: string; headers?: Record<string, string>; foreign?: true }
  | AzureError
  | "reset"
  | "cut"
  | "stall"
  | "empty200"
  | "not-json"
  | ((call: Call, answer: Answer) => void | Promise<void>);

export interface Injection {
  operation: Operation | readonly Operation[];
  /** Part of the resource's id or URL, in any case. Left out: every resource. */
  resource?: string;
  /** The first matching call, counted from the injection on, that it hits. Default 1. */
  attempt?: number;
  /** How many calls it hits from there on. Default 1; `Infinity` for good. */
  times?: number;
  /** Whether the service has done its work by then. Default `before`. */
  when?: "before" | "after";
  fault: Fault;
}

/** A fault in place: how often it hit, and the way to take it back. */
export interface Injected {
  readonly hits: number;
  remove(): void;
}

/** What Azure's front door answers when the service behind it does not. */
export const badGateway: Fault = {
  status: 502,
  body: "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
  headers: { "content-type": "text/html" },
};

/**
 * The answer of something that stands between the app and the service: a proxy, a firewall, whoever a wrong DNS
 * entry leads to. It has any status, a page or nothing as its body, and no header of the service's own.
 */
export function foreign(status: number, body: "html" | "empty" = "html"): Answer {
  const title = `${status} ${STATUS_CODES[status] ?? ""}`.trim();
  const page = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return body === "html"
    ? { status, headers: { "content-type": "text/html" }, body: page, foreign: true }
    : { status, headers: {}, body: "", foreign: true };
}

export class Faults {
  #entries: { injection: Injection; seen: number; hits: number }[] = [];

  inject(injection: Injection): Injected {
    const entry = { injection, seen: 0, hits: 0 };
    this.#entries.push(entry);
    return {
      get hits() {
        return entry.hits;
      },
      remove: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
  }

  clear(): void {
    this.#entries = [];
  }

  /** The faults that this call meets. Counts it as an attempt, so ask once per call. */
  meet(call: Call): Injection[] {
    return this.#entries.flatMap((entry) => {
      const { operation, resource = "", attempt = 1, times = 1 } = entry.injection;
      if (![operation].flat().includes(call.operation)) return [];
      if (!call.resource.toLowerCase().includes(resource.toLowerCase())) return [];
      entry.seen += 1;
      if (entry.seen < attempt || entry.seen >= attempt + times) return [];
      entry.hits += 1;
      return [entry.injection];
    });
  }
}

/**
 * Lets the faults of one moment strike, in the order of their injection. Returns the reply that they make of
 * the call, or `undefined` where it goes on; `answer` is what the service was about to say.
 */
export async function strike(
  faults: readonly Injection[],
  when: "before" | "after",
  call: Call,
  answer: Answer,
): Promise<Reply | undefined> {
  for (const { fault, when: moment = "before" } of faults) {
    if (moment !== when) continue;
    if (typeof fault !== "function") return reply(fault, call, answer);
    await fault(call, answer);
  }
  return undefined;
}

function reply(
  fault: Exclude<Fault, (call: Call, answer: Answer) => unknown>,
  call: Call,
  answer: Answer,
): Reply {
  if (fault instanceof AzureError) return errorAnswer(call.service, fault);
  switch (fault) {
    case "reset":
    case "stall":
      return fault;
    case "cut":
      return { cut: answer };
    case "empty200":
      return { status: 200, headers: {}, body: "" };
    case "not-json":
      return { status: 200, headers: { "content-type": "application/json" }, body: "<!DOCTYPE html>" };
    default:
      return { headers: {}, body: "", ...fault };
  }
}
