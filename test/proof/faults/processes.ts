/** Faults that a process of the built app meets alone: at the identity endpoint, and being killed. */
import { type AppProcess, startApp } from "../shared/appProcess.ts";
import type { RequestKind } from "../shared/run.ts";
import type { Cell } from "./cells.ts";
import { OTHER_AUDIENCE, tokenKinds } from "./kinds.ts";
import { type CellResult, inject, runCell, type Struck } from "./runCell.ts";
import { scenarios } from "./scenarios.ts";
import type { Run, Stage } from "./stage.ts";
import { resourcesOf, settingsOf } from "./subject.ts";

const AUDIENCES = {
  "https://vault.azure.net": "asking for the vault's token",
  "https://management.azure.com": "asking for Azure Resource Manager's token",
  "https://storage.azure.com": "asking for the storage account's token",
};

/** Every fault of the identity endpoint. */
export function tokenCells(): readonly Cell[] {
  return Object.entries(AUDIENCES).flatMap(([audience, name]) =>
    tokenKinds.map((kind, index): Cell => {
      const step = { name, operation: "token", attempt: 1, writes: false, reasons: [] } as const;
      const id = `token${audience.length}x${index}`;
      return {
        id,
        scenario: scenarios[0]!,
        step,
        kind,
        when: "before",
        hit: "every try",
        resource: audience,
      };
    }),
  );
}

/** In a process of its own, because tokens are cached; alone, because a request for one does not tell whose it is. */
export async function withToken(folder: string, cell: Cell, stage: Stage): Promise<CellResult> {
  const app = appOn(folder, cell.id, stage);
  const strike = (): Struck => {
    if (cell.kind.name !== OTHER_AUDIENCE) return inject(cell, stage);
    const { identity } = stage.azure;
    const giving = (audience?: string) => () => {
      identity.audience = audience;
    };
    // While it is asked for this one service, the endpoint gives a token for another.
    const [before, after] = [
      inject({ ...cell, kind: { ...cell.kind, fault: giving("https://graph.microsoft.com") } }, stage),
      inject({ ...cell, kind: { ...cell.kind, fault: giving() }, when: "after" }, stage),
    ];
    const remove = () => {
      before.remove();
      after.remove();
    };
    return { hits: before.hits, remove };
  };
  try {
    return await runCell(cell, { ...stage, ...app }, strike);
  } finally {
    await app.end();
  }
}

/** SIGKILL at every call, as it arrives or when its work is done. */
export function killCells(): readonly Cell[] {
  const kind = { name: "the process is killed", fault: "reset", reasons: [] } as const;
  const steps = scenarios.flatMap((scenario) => scenario.steps.map((step) => ({ scenario, step })));
  return steps.flatMap(({ scenario, step }, index) =>
    (step.writes ? (["before", "after"] as const) : (["before"] as const)).map(
      (when): Cell => ({ id: `kill${index}${when}`, scenario, step, kind, when, hit: "once", kills: true }),
    ),
  );
}

export async function withKill(folder: string, cell: Cell, stage: Stage): Promise<CellResult> {
  const { id, when } = cell;
  const { operation, attempt } = cell.step;
  const app = appOn(folder, id, stage);
  const strike = (): Struck => {
    const resource = resourcesOf(id)[operation.endsWith("Lease") ? 1 : 0];
    const killing = stage.azure.faults.inject({ operation, resource, attempt, when, fault: app.end });
    const { remove } = inject(cell, stage);
    const end = () => {
      killing.remove();
      remove();
    };
    return { hits: () => killing.hits, remove: end };
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
function appOn(folder: string, id: string, { azure }: Stage) {
  const { AzureWebJobsStorage: _, ...env } = azure.env;
  let app: AppProcess | undefined;
  let refused = 0;
  const end = async () => {
    await app?.kill();
  };
  return {
    async run(_id: string, request: RequestKind): Promise<Run> {
      app ??= await startApp(folder, { ...env, ...settingsOf(id) });
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
