import { copyBuiltApp } from "../../support/builtApp.ts";
import { runChild, withAuthority } from "../shared/children.ts";
import type { CrowdFigures } from "./crowd.ts";
import type { CellReport } from "./runCell.ts";

/** How many processes share them. */
export const PARTS = 2;

export interface ShardReport {
  readonly cells: readonly CellReport[];
  /** Of the processes at once; undefined where another share has them, or they are left out. */
  readonly crowd: CrowdFigures | undefined;
}

/**
 * Every fault at every call of every service, through the real SDKs, and SIGKILL at every call of the built app.
 * @param every nth cell only; of a part, none that takes many real seconds
 * @param only those whose name holds this; the processes at once are left out where that is something
 * @returns also what breaks a promise, in words
 */
export async function playMatrix(
  every: number,
  only = "",
): Promise<ShardReport & { broken: readonly string[] }> {
  const app = await copyBuiltApp();
  const script = new URL("./shard.ts", import.meta.url);
  const reports = await withAuthority((env) => {
    const shares = Array.from({ length: PARTS }, (_, part) =>
      runChild<ShardReport>(script, [`${every}`, only, `${part}`, app.folder], env),
    );
    return Promise.all(shares);
  }).finally(app.remove);
  const cells = reports.flatMap(({ told }) => told.cells);
  const crowd = reports[0]?.told.crowd;
  const broken = [...cells, ...(crowd ? [crowd] : [])].flatMap(({ violations }) => violations);
  return { cells, crowd, broken };
}
