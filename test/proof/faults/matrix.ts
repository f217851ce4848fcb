import { startChild, withAuthority } from "../shared/children.ts";
import type { CrowdFigures } from "./crowd.ts";
import type { CellReport } from "./shard.ts";

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

/** Every fault at every call of every service, through the real SDKs, and SIGKILL at every call of the built app. */
export function playMatrix(
  selection: Selection,
): Promise<{ reports: readonly CellReport[]; crowd: CrowdFigures }> {
  return withAuthority(async (env) => {
    const reports: CellReport[] = [];
    let crowd: CrowdFigures = { rounds: 0, kills: 0, regenerates: 0, violations: [] };
    const take = (told: CellReport | CrowdFigures) => {
      if ("rounds" in told) crowd = told;
      else reports.push(told);
    };
    const shards = Array.from({ length: PARTS }, (_, part) =>
      startChild(
        new URL("./shard.ts", import.meta.url),
        [JSON.stringify({ part, parts: PARTS, ...selection })],
        env,
      ),
    );
    for (const { process } of shards) process.on("message", take);
    for (const { exited, output } of shards) {
      const [code] = (await exited) as [number | null];
      if (code !== 0) throw new Error(`a share of the matrix died (${code}):\n${output()}`);
    }
    return { reports, crowd };
  });
}

const COLUMNS = ["Fault", "Outcome", "Vault after it", "Regenerated", "Lease", "Next runs"];

/** A table for each call: faults that come to the same share a row. */
export function render(reports: readonly CellReport[]): string {
  const calls = Map.groupBy(reports, ({ scenario, step }) => `${scenario}: ${step}`);
  return [...calls].map(([title, cells]) => `## ${title}\n\n${table(cells)}\n`).join("\n");
}

function table(cells: readonly CellReport[]): string {
  const rows = Map.groupBy(cells, ({ outcome, vault, minted, lease, next }) =>
    [outcome, vault, minted, lease, next].join(" | "),
  );
  const lines = [...rows].map(([rest, same]) => `| ${same.map(faultOf).sort().join("<br>")} | ${rest} |`);
  return [`| ${COLUMNS.join(" | ")} |`, `|${" --- |".repeat(COLUMNS.length)}`, ...lines].join("\n");
}

function faultOf({ kind, when, hit }: CellReport): string {
  const how = [when === "after" ? "after the effect" : "", hit === "once" ? "once" : ""].filter(Boolean);
  return how.length > 0 ? `${kind} (${how.join(", ")})` : kind;
}
