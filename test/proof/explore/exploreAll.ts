import { startChild } from "../faults/children.ts";
import type { Bounds } from "./bounds.ts";
import type { ExplorationFigures } from "./exploreShare.ts";

/** Explores all scenarios, shared out to two processes; ends that both of them met are counted twice. */
export async function exploreAll(bounds: readonly Bounds[]): Promise<ExplorationFigures> {
  const parts = 2;
  const shares = await Promise.all(
    Array.from({ length: parts }, (_, part) => exploreInProcess(bounds, part, parts)),
  );
  const sum = (of: (share: ExplorationFigures) => number) =>
    shares.reduce((all, share) => all + of(share), 0);
  return {
    scenarios: sum(({ scenarios }) => scenarios),
    states: sum(({ states }) => states),
    steps: sum(({ steps }) => steps),
    ends: sum(({ ends }) => ends),
    distinctEnds: sum(({ distinctEnds }) => distinctEnds),
    histories: sum(({ histories }) => histories),
    violations: shares.flatMap(({ violations }) => violations),
  };
}

async function exploreInProcess(
  bounds: readonly Bounds[],
  part: number,
  parts: number,
): Promise<ExplorationFigures> {
  const child = startChild(
    new URL("./shard.ts", import.meta.url),
    [JSON.stringify({ bounds, part, parts })],
    { NODE_OPTIONS: "--max-old-space-size=8192" },
  );
  let figures: ExplorationFigures | undefined;
  child.process.on("message", (message: ExplorationFigures) => {
    figures = message;
  });
  await child.exited;
  if (figures === undefined) throw new Error(`a share of the exploration died:\n${child.output()}`);
  return figures;
}
