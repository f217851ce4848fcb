import type { Bounds } from "./bounds.ts";
import { rebase } from "./canonical.ts";
import { undisturbed } from "./converge.ts";
import type { Scenario } from "./state.ts";
import {
  type App,
  DAY,
  emptyWorld,
  HOUR,
  OVERLAP,
  ROTATE_EVERY,
  valueText,
  versionId,
  type World,
} from "./world.ts";

const START_SECONDS = Math.floor(emptyWorld.now / 1000);

const unset = { contentType: undefined, updated: 0, expires: undefined, notBefore: undefined };

/** A secret that a person made before the app came. */
function handMade(value: string, tags: Record<string, string>): World {
  const version = { ...unset, id: versionId(1), value, tags, enabled: true, created: START_SECONDS - 86_400 };
  return { ...emptyWorld, versions: [version], written: 1 };
}

async function after(world: World, ms: number): Promise<World> {
  const run = await undisturbed({ ...world, now: world.now + ms });
  if (run.violation) throw new Error(run.violation.text);
  return run.world;
}

function later(world: World, ms: number): World {
  return rebase({ ...world, now: world.now + ms });
}

/** Where explorations begin: states that runs without faults lead to, and states that people make. */
export async function worlds(): Promise<Record<string, World>> {
  const adopted = handMade(valueText(1), { team: "FAKE team" });
  const kept = await after(adopted, 0);
  const rotated = await after(kept, ROTATE_EVERY + HOUR);
  return {
    none: emptyWorld,
    adopted,
    foreign: handMade("something else", {}),
    fresh: later(rotated, HOUR),
    edge: later(rotated, OVERLAP - 1),
    settled: later(rotated, OVERLAP + 10_000),
    due: later(rotated, ROTATE_EVERY + DAY),
    ...(await worldsWithNodes(rotated)),
  };
}

/** Rotated an hour ago, so long ago that its nodes can prove it harmless, and with the loss of one that is written down. */
async function worldsWithNodes(rotated: World): Promise<Record<string, World>> {
  const noted = await after({ ...rotated, offline: 0 }, ROTATE_EVERY + HOUR);
  const lost = await after({ ...noted, offline: 1 }, 2 * DAY);
  return {
    watched: later(noted, HOUR),
    soaked: later(noted, OVERLAP + 10_000),
    lost: later(lost, HOUR),
    lostAndDue: later(lost, ROTATE_EVERY),
  };
}

const requests = ["timer", "on-demand", "compromised"] as const;

/** From every beginning two runs, each of any kind; the second may be of another app, with a lock store of its own. */
export async function allScenarios(bounds: Bounds): Promise<Scenario[]> {
  const ofApp = (app: App) => requests.map((request) => ({ request, app }));
  const second = bounds.oneApp ? ofApp("a") : [...ofApp("a"), ...ofApp("b")];
  const when = bounds.writeTakes > 0 ? ", slow writes" : "";
  return Object.entries(await worlds()).map(([name, world]) => ({
    ...bounds,
    name: `${name}${when}`,
    world,
    runs: [ofApp("a"), second],
    skew: 600_000,
  }));
}

/** For a replay, which brings its own bounds. */
export async function scenarioNamed(name: string): Promise<Scenario> {
  const writeTakes = name.endsWith("slow writes") ? 1000 : 0;
  const scenarios = await allScenarios({ faults: 9, acts: 9, switches: 99, writeTakes });
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`there is no scenario "${name}"`);
  return found;
}
