import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { parse } from "tinyduration";
import type { Clock } from "../azure/model/clock.ts";
import { listenFrom } from "../host/listen.ts";
import { leversPage } from "./leversPage.ts";

const DAY = 86_400_000;

/** What can be moved. */
export interface Movable {
  readonly clock: Clock;
  /** Of the app's status, as a link. */
  readonly status: string;
  /** Lets so many milliseconds pass, with whatever happens in them. */
  advance(ms: number): void;
  /** Lets the timer tick. */
  tick(): Promise<void>;
  /** Runs the node script on every node. */
  runNodeScripts(): void;
}

export interface Levers {
  readonly url: string;
  stop(): void;
}

/**
 * What moves the local Azure, by `curl` or from a page at `/`. It is the runner's and not the app's: in Azure nobody
 * moves the clock.
 *
 * - `POST /local/clock?advance=P31D` moves the clock, then lets the timer tick, as it would have done meanwhile.
 * - `POST /local/nodes` runs the node script on every node.
 */
export async function startLevers(movable: Movable, firstPort: number): Promise<Levers> {
  const server = createServer((request, response) => void answer(movable, request, response));
  const port = await listenFrom(server, firstPort);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(movable: Movable, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = request;
  const { pathname, searchParams } = new URL(url ?? "/", "http://127.0.0.1");
  const isPage = headers.accept?.includes("text/html") ?? false;
  const say = (status: number, text: string) => {
    // A browser goes back to the page, which shows the new time.
    if (isPage && status === 200) response.writeHead(303, { location: "/" }).end();
    else response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
  };
  if (method === "GET" && pathname === "/") {
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    });
    response.end(leversPage(new Date(movable.clock.now()), movable.status));
  } else if (method === "POST" && pathname === "/local/nodes") {
    movable.runNodeScripts();
    say(200, "Every node has the key that the vault names for its runtime.");
  } else if (method === "POST" && pathname === "/local/clock") {
    const advance = durationOf(searchParams.get("advance") ?? "");
    if (typeof advance === "string") return say(400, advance);
    movable.advance(advance);
    const now = new Date(movable.clock.now()).toISOString();
    await movable.tick().then(
      () => say(200, `It is now ${now} in the local Azure, and the timer has ticked.`),
      (error: Error) => say(502, `It is now ${now}, but the tick failed: ${error.message}`),
    );
  } else say(404, "GET /, POST /local/clock?advance=P1D, POST /local/nodes");
}

/** In milliseconds, or what is wrong. */
function durationOf(text: string): number | string {
  if (!/^P(?=[\dT])[\dDTHMSW.]*$/.test(text)) {
    return "advance=P31D moves the clock by 31 days; PT2H by two hours";
  }
  try {
    const { weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0, years, months } = parse(text);
    if (years || months) return "Years and months vary in length; give days";
    const moved = (weeks * 7 + days) * DAY + hours * 3_600_000 + minutes * 60_000 + seconds * 1000;
    // Ten years: every date that is computed from it stays a valid one.
    return moved <= 3650 * DAY ? moved : "At most P3650D";
  } catch {
    return `${JSON.stringify(text)} is no ISO 8601 duration, such as P31D`;
  }
}
