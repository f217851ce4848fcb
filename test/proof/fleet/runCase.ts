import { liveKeys } from "../../../local/azure/model/dataFactory.ts";
import { setSecret } from "../../../local/azure/model/keyVault.ts";
import type { RuntimeConfig } from "../../../src/config/config.ts";
import { failsBefore } from "../../support/faults.ts";
import { Fleet } from "../../support/fleet.ts";
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

export interface Size {
  /** How many runtimes a fleet begins with, and how many join it. */
  readonly runtimes: number;
  /** Since the first tick or, where others join, since theirs. */
  readonly days: number;
  /** Chooses the nodes of which something is so, and when it happens to each. */
  readonly seed: number;
}

/** Three rotations of each runtime, and what the last waits for. */
export const FULL = { runtimes: 300, days: 105, seed: 1 };
/** Two, of which the second kills the key of nodes that were installed by hand. */
export const SMALL = { runtimes: 30, days: 70, seed: 1 };

/** One fleet through its days: what befell its nodes, and when its keys were rotated. */
export async function runCase(of: Case, { runtimes, days, seed }: Size): Promise<Figures> {
  const { world, habits, isUpgraded = false, joinOnDay, refusedUntilDay = 0 } = of;
  const fleet = new Fleet();
  Object.assign(fleet.state.dataFactory.nodeWorld, world);
  fleet.around = async (operation, effect) =>
    operation === "getStatus" && fleet.day < refusedUntilDay
      ? await failsBefore(403)(effect, operation)
      : effect();
  const figuring = new Figuring(fleet);
  const life = new Life(fleet, habits, seed);
  const look = (at: readonly RuntimeConfig[]) => figuring.look(at, life);
  add(fleet, "ir", runtimes, isUpgraded);
  while (fleet.day < days + (joinOnDay ?? 0)) {
    if (fleet.day === joinOnDay) add(fleet, "new", runtimes, false);
    figuring.beforeTick();
    const tick = await fleet.tick();
    figuring.afterTick(tick);
    look(fleet.runtimes);
    life.day(tick, (runtime) => look([runtime]));
    look(fleet.runtimes);
  }
  return figuring.figures();
}

function add(fleet: Fleet, kind: string, runtimes: number, isUpgraded: boolean): void {
  for (let n = 1; n <= runtimes; n += 1) {
    const config = fleet.add(`${kind}-${String(n).padStart(3, "0")}`, 2, DEPLOYED);
    if (isUpgraded) publishWithoutNote(fleet, config);
  }
}

/** As a version of the app before notes left a runtime that it had rotated once, an hour ago. */
function publishWithoutNote({ state, clock }: Fleet, { id, secretName, validityDays }: RuntimeConfig): void {
  const vault = Object.values(state.keyVault.vaults)[0];
  if (vault === undefined) throw new Error("a fleet has a vault");
  const now = clock.wall() - DAY / 24;
  const tags = {
    CredentialId: "authKey2",
    ProviderAddress: id.text,
    ValidityPeriodDays: String(validityDays),
    RotationState: JSON.stringify({ v: 1, reason: "due" }),
  };
  const { authKey2 } = liveKeys(state.dataFactory, id.text);
  const expires = Math.floor((now + validityDays * DAY) / 1000);
  setSecret(state.keyVault, vault, secretName, authKey2, { tags, expires }, now);
}
