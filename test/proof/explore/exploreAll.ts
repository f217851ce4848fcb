import { runChild } from "../shared/children.ts";
import type { Bounds } from "./bounds.ts";
import type { ExplorationFigures } from "./exploreShare.ts";

const PARTS = 2;
const shard = new URL("./shard.ts", import.meta.url);
const env = { NODE_OPTIONS: "--max-old-space-size=8192" };

/** Explores all scenarios, shared out to two processes; ends that both of them met are counted twice. */
export async function exploreAll(bounds: readonly Bounds[]): Promise<ExplorationFigures> {
  const shares = Array.from({ length: PARTS }, async (_, part) => {
    const args = [JSON.stringify({ bounds, part, parts: PARTS })];
    return (await runChild<ExplorationFigures>(shard, args, env)).told;
  });
  return (await Promise.all(shares)).reduce(add);
}

function add(one: ExplorationFigures, other: ExplorationFigures): ExplorationFigures {
  const sum = Object.entries(one).map(([name, value]) => {
    const more = other[name as keyof ExplorationFigures];
    return [name, typeof value === "number" ? value + Number(more) : [...value, ...(more as string[])]];
  });
  return Object.fromEntries(sum);
}
