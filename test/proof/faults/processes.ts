/** Faults that a process of the built app meets alone: at the identity endpoint, and being killed. */
import type { Fault } from "../../../local/azure/faults.ts";
import { type AppProcess, startApp } from "../shared/appProcess.ts";
import { startFront } from "../shared/front.ts";
import type { RequestKind } from "../shared/run.ts";
import { type Cell, isBlob } from "./cells.ts";
import { type TokenFault, tokenKinds } from "./kinds.ts";
import { type CellResult, runCell, type Struck } from "./runCell.ts";
import { type BlobOperation, scenarios, settingsOf } from "./scenarios.ts";
import type { Run, Stage } from "./stage.ts";

export type RunIt = (cell: Cell, stage: Stage) => Promise<CellResult>;

const AUDIENCES = {
  "https://vault.azure.net": "asking for the vault's token",
  "https://management.azure.com": "asking for Azure Resource Manager's token",
};

/** Every fault of the identity endpoint: tokens are cached per process. */
export function tokenCells(folder: string): readonly (readonly [Cell, RunIt])[] {
  return Object.entries(AUDIENCES).flatMap(([audience, name]) =>
    tokenKinds.map((kind, index) => {
      const step = { name, operation: "token", attempt: 1, writes: false, reasons: [] } as const;
      const id = `token${audience.length}x${index}`;
      const cell: Cell = { id, scenario: scenarios[0]!, step, kind, when: "before", hit: "every try" };
      return [cell, (_, stage) => withFault(folder, cell, stage, audience)] as const;
    }),
  );
}

async function withFault(folder: string, cell: Cell, stage: Stage, audience: string): Promise<CellResult> {
  const fault = cell.kind.fault as TokenFault;
  const endpoint = new URL(stage.azure.env.IDENTITY_ENDPOINT);
  let hits = 0;
  let isOver = false;
  const front = await startFront(endpoint.origin, {
    meet: ({ query }) => {
      if (isOver || !query.get("resource")?.startsWith(audience)) return undefined;
      hits += 1;
      if (typeof fault === "object" && "delayMs" in fault) return { when: "before", ...fault };
      return {
        when: "before",
        fault: typeof fault === "object" && "resource" in fault ? wrong(stage, fault) : fault,
      };
    },
  });
  const app = appOn(folder, cell.id, stage, { IDENTITY_ENDPOINT: `${front.origin}${endpoint.pathname}` });
  const strike = (): Struck => ({
    hits: () => hits,
    remove: () => {
      isOver = true;
    },
  });
  try {
    return await runCell(cell, { ...stage, ...app }, strike);
  } finally {
    await app.end();
    await front.stop();
  }
}

function wrong({ azure }: Stage, { resource }: { resource: string }) {
  const { token, expiresAt } = azure.tokens.issue(resource, 3600);
  const body = {
    access_token: token,
    expires_on: `${Math.floor(expiresAt / 1000)}`,
    resource,
    token_type: "Bearer",
  };
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** SIGKILL at every call, as it arrives or when its work is done. */
export function killCells(folder: string): readonly (readonly [Cell, RunIt])[] {
  const cells = scenarios.flatMap((scenario) =>
    scenario.steps.flatMap((step) =>
      (step.writes ? (["before", "after"] as const) : (["before"] as const)).map((when) => ({
        scenario,
        step,
        when,
      })),
    ),
  );
  const kind = { name: "the process is killed", fault: undefined, reasons: [] };
  return cells.map(({ scenario, step, when }, index) => {
    const cell: Cell = { id: `kill${index}`, scenario, step, kind, when, hit: "once" };
    return [cell, (_, stage) => withKill(folder, cell, stage)] as const;
  });
}

async function withKill(folder: string, cell: Cell, stage: Stage): Promise<CellResult> {
  const { id, step, when } = cell;
  const { attempt } = step;
  const app = appOn(folder, id, stage, {});
  const strike = (): Struck => {
    if (isBlob(step)) {
      const operation = step.operation as BlobOperation;
      const onHit = () => void app.end();
      const hits = stage.leases.inject(id, { operation, attempt, times: 1, when, fault: "reset", onHit });
      return { hits, remove: () => void stage.leases.inject(id, undefined) };
    }
    const operation = step.operation as Exclude<typeof step.operation, BlobOperation>;
    const kill: Fault = async () => await app.end();
    const at = { operation, resource: id, attempt, when };
    const killing = stage.azure.faults.inject({ ...at, fault: kill });
    const resetting = stage.azure.faults.inject({ ...at, fault: "reset" });
    const remove = () => {
      killing.remove();
      resetting.remove();
    };
    return { hits: () => killing.hits, remove };
  };
  // Whoever comes next is another process.
  let isFirst = true;
  const run = (name: string, request: RequestKind) => {
    const { run } = isFirst ? app : stage;
    isFirst = false;
    return run(name, request);
  };
  try {
    return await runCell(cell, { ...stage, run }, strike);
  } finally {
    await app.end();
  }
}

/** The app in a process of its own, which starts with its first run. */
function appOn(folder: string, id: string, { azure, leases }: Stage, env: Record<string, string>) {
  const settings = { ...azure.env, ...settingsOf(id, leases.connectionString), ...env };
  let app: AppProcess | undefined;
  let refused = 0;
  const end = async () => {
    await app?.kill();
  };
  return {
    async run(_id: string, request: RequestKind): Promise<Run> {
      app ??= await startApp(folder, settings);
      const told = await app.run(request, [id]);
      const text = app.text();
      if (told === undefined) return { outcome: "died", reason: "killed", regenerates: undefined, text };
      const { outcome = "kept", reason = "not-due" } = told[0] ?? {};
      // A token is kept as long as its process lives, also one that no service accepts: the next instance has none.
      refused += reason === "access-denied" ? 1 : 0;
      if (refused === 2) {
        await end();
        app = undefined;
      }
      return { outcome, reason, regenerates: undefined, text };
    },
    statusOf: async () => (await app?.status()) ?? "",
    end,
  };
}
