/** Faults that a process of the built app meets alone: at the identity endpoint, and being killed. */
import type { AppProcess } from "../shared/appProcess.ts";
import type { RequestKind } from "../shared/run.ts";
import type { Cell } from "./cells.ts";
import type { Kind } from "./kinds.ts";
import { type CellReport, runCell } from "./runCell.ts";
import type { Run, Stage } from "./stage.ts";

/** In a process of its own, because tokens are cached; alone, because a request for one does not tell whose it is. */
export async function withToken(cell: Cell, stage: Stage): Promise<CellReport> {
  const app = appOn(cell.id, stage);
  return await runCell(cell, { ...stage, ...app }).finally(app.end);
}

export async function withKill(cell: Cell, stage: Stage): Promise<CellReport> {
  const app = appOn(cell.id, stage);
  const kind: Kind = { ...cell.kind, fault: [app.end, "reset"] };
  // Whoever comes next is another process.
  const runs = [app.run];
  const run: Stage["run"] = (id, request) => (runs.pop() ?? stage.run)(id, request);
  return await runCell({ ...cell, kind }, { ...stage, run }).finally(app.end);
}

/** The app in a process of its own, which starts with its first run. */
function appOn(id: string, stage: Stage) {
  let app: AppProcess | undefined;
  let refused = 0;
  const end = async () => {
    await app?.kill();
    app = undefined;
  };
  return {
    async run(_id: string, request: RequestKind): Promise<Run> {
      app ??= await stage.start(id);
      const { run, text: textSoFar } = app;
      const told = await run(request, [id]);
      const text = textSoFar();
      if (told === undefined) return { outcome: "died", reason: "killed", text };
      const { outcome = "kept", reason = "not-due" } = told[0] ?? {};
      // A token is kept as long as its process lives, also one that no service accepts: the next instance has none.
      refused += reason === "access-denied" ? 1 : 0;
      if (refused === 2) await end();
      return { outcome, reason, text };
    },
    statusOf: async () => (await app?.status()) ?? "",
    end,
  };
}
