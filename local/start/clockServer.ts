import { createServer, type IncomingMessage } from "node:http";
import { parse } from "tinyduration";
import type { Clock } from "../azure/model/clock.ts";
import { listenFrom } from "../host/listen.ts";

const DAY = 86_400_000;

export interface ClockServer {
  readonly url: string;
  stop(): void;
}

/**
 * `POST /local/clock?advance=P31D` moves the local Azure's clock, then lets the timer tick, as it would have
 * done meanwhile. It is the runner's and not the app's: in Azure nobody moves the clock.
 */
export async function startClockServer(
  clock: Clock,
  firstPort: number,
  tick: () => Promise<void>,
): Promise<ClockServer> {
  const server = createServer((request, response) => {
    const advance = durationOf(request);
    if (typeof advance === "string") {
      response.writeHead(400).end(`${advance}\n`);
      return;
    }
    clock.advance(advance);
    const now = new Date(clock.now()).toISOString();
    tick().then(
      () => response.end(`It is now ${now} in the local Azure, and the timer has ticked.\n`),
      (error: Error) =>
        response.writeHead(502).end(`It is now ${now}, but the tick failed: ${error.message}\n`),
    );
  });
  const port = await listenFrom(server, firstPort);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** In milliseconds, or what is wrong. */
function durationOf({ method, url }: IncomingMessage): number | string {
  const { pathname, searchParams } = new URL(url ?? "/", "http://127.0.0.1");
  const text = searchParams.get("advance") ?? "";
  if (method !== "POST" || pathname !== "/local/clock" || !/^P(?=[\dT])[\dDTHMSW.]*$/.test(text)) {
    return "POST /local/clock?advance=P31D moves the clock by 31 days; PT2H by two hours";
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
