import { copyBuiltApp } from "../../support/builtApp.ts";
import { runChild, withAuthority } from "../shared/children.ts";
import type { CrowdFigures } from "./crowd.ts";
import type { CellReport, ShardReport, Share } from "./shard.ts";

const PARTS = 2;

/** Which of the cells are played. */
export interface Selection {
  /** Every nth only. */
  readonly every: number;
  /** Those whose name holds this; the processes that work at once are left out where that is something. */
  readonly only: string;
  /** Whether also those that take many real seconds. */
  readonly slow: boolean;
}

/** For `npm test`. */
export const SMALL: Selection = { every: 25, only: "", slow: false };

export interface MatrixReport {
  readonly cells: readonly CellReport[];
  /** Of the processes at once. */
  readonly crowd: CrowdFigures;
  /** What breaks a promise, in words. */
  readonly broken: readonly string[];
}

/** Every fault at every call of every service, through the real SDKs, and SIGKILL at every call of the built app. */
export async function playMatrix(selection: Selection): Promise<MatrixReport> {
  const app = await copyBuiltApp();
  try {
    const reports = await withAuthority((env) => {
      const shares = Array.from({ length: PARTS }, async (_, part) => {
        const share: Share = { ...selection, part, parts: PARTS, folder: app.folder };
        const script = new URL("./shard.ts", import.meta.url);
        return (await runChild<ShardReport>(script, [JSON.stringify(share)], env)).told;
      });
      return Promise.all(shares);
    });
    const cells = reports.flatMap((report) => report.cells);
    const [{ crowd }] = reports as [ShardReport];
    const broken = cells
      .filter(({ violations }) => violations.length > 0)
      .map(({ call, fault, violations }) => `${call}: ${fault}: ${violations.join("; ")}`);
    return {
      cells,
      crowd,
      broken: [...broken, ...crowd.violations.map((text) => `processes at once: ${text}`)],
    };
  } finally {
    await app.remove();
  }
}

const COLUMNS = ["Fault", "Outcome", "Vault after it", "Regenerated", "Lease", "Next runs"];

/** A table for each call: faults that come to the same share a row. */
export function render(reports: readonly CellReport[]): string {
  const calls = Map.groupBy(reports, ({ call }) => call);
  return [...calls].map(([call, cells]) => `## ${call}\n\n${table(cells)}\n`).join("\n");
}

function table(cells: readonly CellReport[]): string {
  const rows = Map.groupBy(cells, ({ outcome, vault, minted, lease, next }) =>
    [outcome, vault, minted, lease, next].join(" | "),
  );
  const lines = [...rows].map(
    ([rest, same]) =>
      `| ${same
        .map(({ fault }) => fault)
        .sort()
        .join("<br>")} | ${rest} |`,
  );
  return [`| ${COLUMNS.join(" | ")} |`, `|${" --- |".repeat(COLUMNS.length)}`, ...lines].join("\n");
}
