import type { RuntimeConfig } from "../../../src/config/runtimeEntry.ts";
import { failsBefore } from "../../support/faults.ts";
import { Fleet } from "../../support/fleet.ts";
import { publish } from "../../support/publish.ts";
import type { Case } from "./cases.ts";
import { type Figures, Figuring } from "./figures.ts";
import { Life } from "./life.ts";

const DAY = 86_400_000;

/** What the template deploys where it is told nothing else; the rest are the defaults of a fleet. */
const DEPLOYED: Partial<RuntimeConfig> = {
  rotateEvery: { text: "P30D", ms: 30 * DAY },
  overlap: { text: "P2D", ms: 2 * DAY },
  validityDays: 74,
};

/** Three rotations of each runtime, and what the last waits for. */
export const FULL = { runtimes: 300, days: 105 };
/** Two, of which the second kills the key of nodes that were installed by hand. */
export const SMALL = { runtimes: 30, days: 70 };

/**
 * One fleet through its days: what befell its nodes, and when its keys were rotated.
 * @param runtimes it begins with, and so many join it
 * @param days since the first tick or, where others join, since theirs
 */
export async function runCase(of: Case, { runtimes, days }: typeof FULL): Promise<Figures> {
  const { world, habits, isUpgraded = false, joinOnDay, refusedUntilDay = 0 } = of;
  const fleet = new Fleet();
  Object.assign(fleet.state.dataFactory.nodeWorld, world);
  const refused = failsBefore(403);
  fleet.around = async (operation, effect) =>
    operation === "getStatus" && fleet.day < refusedUntilDay ? refused(effect, operation) : effect();
  const life = new Life(fleet, habits);
  const figuring = new Figuring(fleet, life);
  add(fleet, "ir", runtimes, isUpgraded);
  while (fleet.day < days + (joinOnDay ?? 0)) {
    if (fleet.day === joinOnDay) add(fleet, "new", runtimes, false);
    figuring.beforeTick();
    const tick = await fleet.tick();
    figuring.afterTick(tick);
    figuring.look(...fleet.runtimes);
    life.day(tick, (runtime) => figuring.look(runtime));
    figuring.look(...fleet.runtimes);
  }
  return figuring.figures();
}

/** @param isUpgraded a version of the app before notes has rotated each once, an hour ago */
function add(fleet: Fleet, kind: string, runtimes: number, isUpgraded: boolean): void {
  for (let n = 1; n <= runtimes; n += 1) {
    const config = fleet.add(`${kind}-${String(n).padStart(3, "0")}`, 2, DEPLOYED);
    const unnoted = { RotationState: JSON.stringify({ v: 1, reason: "due" }) };
    if (isUpgraded) publish(fleet.state, config, "authKey2", fleet.clock.wall() - DAY / 24, unnoted);
  }
}
