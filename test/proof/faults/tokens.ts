import { once } from "node:events";
import type { RequestKind } from "../../../src/plan/runRequest.ts";
import type { Cell } from "./cells.ts";
import { type Child, startChild } from "./children.ts";
import { type FrontRequest, startFront } from "./front.ts";
import { type TokenFault, tokenKinds } from "./kinds.ts";
import { pool } from "./pool.ts";
import { type CellResult, runCell } from "./runCell.ts";
import { type Scenario, type Step, scenarios } from "./scenarios.ts";
import { type Run, type Stage, settingsOf } from "./stage.ts";

const AUDIENCES = {
  "https://vault.azure.net": "asking for the vault's token",
  "https://management.azure.com": "asking for Azure Resource Manager's token",
};

/** The faults of the identity endpoint, each met by a process of its own: tokens are cached per process. */
export async function tokenCells(
  stage: Stage,
  atOnce: number,
  tell: (cell: Cell, result: CellResult) => void,
): Promise<void> {
  const faults = new Map<string, { audience: string; fault: TokenFault }>();
  const metBy = ({ path, query }: FrontRequest) => {
    const entry = faults.get(path.split("/")[1] ?? "");
    return entry && query.get("resource")?.startsWith(entry.audience) ? entry.fault : undefined;
  };
  const endpoint = new URL(stage.azure.env.IDENTITY_ENDPOINT);
  const front = await startFront(endpoint.origin, {
    meet: (request) => {
      const fault = metBy(request);
      if (fault === undefined || (typeof fault === "object" && "resource" in fault)) return undefined;
      return typeof fault === "object" && "delayMs" in fault
        ? { when: "before", ...fault }
        : { when: "before", fault };
    },
    rewrite: (request) => {
      const fault = metBy(request);
      const query = new URLSearchParams(request.query);
      if (typeof fault === "object" && "resource" in fault) query.set("resource", fault.resource);
      return `${endpoint.pathname}?${query}`;
    },
  });
  const cells = Object.entries(AUDIENCES).flatMap(([audience, name]) =>
    tokenKinds.map((kind, index) => ({
      audience,
      kind,
      cell: cellOf(name, kind, 100 * audience.length + index),
    })),
  );
  try {
    // Slow ones first: the others fit in beside their waiting.
    const ordered = cells.toSorted((a, b) => Number(b.kind.slow ?? false) - Number(a.kind.slow ?? false));
    await pool(ordered, atOnce, async ({ audience, kind, cell }) => {
      const app = startApp(stage, cell.id, `${front.origin}/${cell.id}/token`);
      try {
        const strike = () => {
          faults.set(cell.id, { audience, fault: kind.fault });
          return () => faults.delete(cell.id);
        };
        tell(cell, await runCell(cell, { ...stage, ...app }, strike));
      } finally {
        await app.stop();
      }
    });
  } finally {
    await front.stop();
  }
}

function cellOf(name: string, kind: Cell["kind"], number: number): Cell {
  const step: Step = { name, operation: "token", attempt: 1, writes: false };
  const scenario = scenarios[0] as Scenario;
  return {
    id: `token${number}`,
    order: 10_000 + number,
    scenario,
    step,
    kind,
    when: "before",
    hit: "every try",
  };
}

/** The app in a process of its own. */
function startApp(stage: Stage, id: string, identityEndpoint: string) {
  const settings = { ...stage.azure.env, ...settingsOf(id, stage.leases.connectionString) };
  const env = { ...settings, IDENTITY_ENDPOINT: identityEndpoint };
  let child: Child | undefined;
  const ask = async <T>(message: object): Promise<T> => {
    child ??= startChild(new URL("./app.ts", import.meta.url), [], env);
    child.process.send(message);
    const ended = child.exited.then(() => {
      throw new Error(`the app ended: ${child?.output()}`);
    });
    const [answer] = await Promise.race([once(child.process, "message"), ended]);
    return answer as T;
  };
  const stop = async () => {
    child?.process.disconnect();
    await child?.exited;
  };
  let refused = 0;
  return {
    run: async (_id: string, request: RequestKind) => {
      const run = await ask<Run>({ request });
      const texts = [...run.texts, child?.output() ?? ""];
      // A token is kept as long as its process lives, also one that no service accepts: the next instance has none.
      refused += run.outcome.reason === "access-denied" ? 1 : 0;
      if (refused === 2) {
        await stop();
        child = undefined;
      }
      return { ...run, texts };
    },
    statusOf: () => ask<string>({ status: true }),
    stop,
  };
}
