import { DAY } from "./cast.ts";
import { quietTick } from "./quietTick.ts";
import type { Stage } from "./stage.ts";

/** Longer than any of the runtimes waits. */
const LATER = 41 * DAY;

/** What no crash puts off for good: a rotation that nobody disturbs disables every version whose key is dead. */
export async function retirement(stage: Stage, slot: number): Promise<void> {
  const { azure, facts, judge } = stage;
  azure.clock.advance(LATER);
  await quietTick(stage, slot);
  for (const each of facts.values()) {
    const { name } = each.runtime;
    const left = each.versions.filter(({ enabled, value }) => enabled && !each.isLive(value)).length;
    if (each.isDue) judge.violate("", 5, `${name} was due for long, and a tick did not rotate it`);
    if (left > 0)
      judge.violate("", 5, `after a rotation, ${left} versions of ${name} hold dead keys and are enabled`);
  }
}
