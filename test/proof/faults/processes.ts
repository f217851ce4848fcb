/** Faults that a process of the built app meets alone: at the identity endpoint, and being killed. */
import type { Fault, Injected } from "../../../local/azure/faults.ts";
import { type AppProcess, startApp } from "../shared/appProcess.ts";
import type { RequestKind } from "../shared/run.ts";
import type { Cell } from "./cells.ts";
import { OTHER_AUDIENCE } from "./kinds.ts";
import { type CellResult, inject, runCell } from "./runCell.ts";
import type { Run, Stage } from "./stage.ts";
import { settingsOf } from "./subject.ts";

/** In a process of its own, because tokens are cached; alone, because a request for one does not tell whose it is. */
export async function withToken(folder: string, cell: Cell, stage: Stage): Promise<CellResult> {
  const app = appOn(folder, cell.id, stage);
  const strike = (): Injected => {
    if (cell.kind.name !== OTHER_AUDIENCE) return inject(cell, stage);
    const fault: Fault = (_, answer) => {
      const { token } = stage.azure.tokens.issue("https://graph.microsoft.com", 86_400);
      answer.body = JSON.stringify({ ...JSON.parse(answer.body), access_token: token });
    };
    return inject({ ...cell, kind: { ...cell.kind, fault }, when: "after" }, stage);
  };
  return await runCell(cell, { ...stage, ...app }, strike).finally(app.end);
}

export async function withKill(folder: string, cell: Cell, stage: Stage): Promise<CellResult> {
  const app = appOn(folder, cell.id, stage);
  const strike = (): Injected => {
    inject({ ...cell, kind: { ...cell.kind, fault: app.end } }, stage);
    return inject(cell, stage);
  };
  // Whoever comes next is another process.
  const runs = [app.run];
  const run: Stage["run"] = (id, request) => (runs.pop() ?? stage.run)(id, request);
  return await runCell(cell, { ...stage, run }, strike).finally(app.end);
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
