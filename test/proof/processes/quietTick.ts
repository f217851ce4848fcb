import type { Ended } from "./appProcess.ts";
import { wordsOf } from "./invocation.ts";
import type { Stage } from "./stage.ts";

const ASK = { trigger: "timer" } as const;

/** One tick in the process of this slot, while all others are idle. */
export async function quietTick(stage: Stage, slot: number): Promise<Ended> {
  const process = stage.process(slot);
  const invocation = stage.invocation(slot, ASK);
  stage.chronicle.add(process.name, `${wordsOf(ASK)}, and nobody disturbs it`);
  const ended = await process.run(invocation);
  invocation.over = true;
  stage.judge.ends(invocation, new Set());
  return ended;
}
