import { changedKey, fingerprintOf, isLive, latestOf, namesDeadKey } from "../shared/sides.ts";
import { withFingerprints } from "../shared/stateTag.ts";
import type { Found } from "./explorer.ts";
import { movesFrom } from "./moves.ts";
import { firstState, isAlive, type Move, type Scenario, type State } from "./state.ts";
import type { World } from "./world.ts";

/** Follows a path again, step by step. */
export async function replay(scenario: Scenario, path: readonly string[]): Promise<Move[]> {
  const moves: Move[] = [];
  for (const token of path) {
    const possible = await movesFrom(moves.at(-1)?.state ?? firstState(scenario), scenario);
    const move = possible.find((candidate) => candidate.token === token);
    if (move === undefined) {
      const tokens = possible.map((candidate) => candidate.token).join(", ");
      throw new Error(`after ${moves.length} steps there is no "${token}", but ${tokens}`);
    }
    moves.push(move);
  }
  return moves;
}

type Described = Omit<Found, "violation"> & { readonly violation: Found["violation"] | undefined };

/** What happened, in words: one line per step, with values as letters. */
export async function describe({ scenario, violation, path }: Described): Promise<string> {
  const lines = [
    violation?.text ?? "no promise is broken",
    `begins ${scenario.name}; ${vault(scenario.world)}`,
  ];
  let before = firstState(scenario);
  for (const [index, { state, token }] of (await replay(scenario, path)).entries()) {
    lines.push(`${String(index + 1).padStart(3)}. ${words(before, token)}${changes(before.world, state)}`);
    before = state;
  }
  lines.push(`replay: ${scenario.name} | ${path.join(" ")}`);
  return lines.join("\n");
}

/** A step of a run begins with the run's number, and is about the call that it waits for. */
function words({ slots }: State, token: string): string {
  const [number, what = "answered"] = token.split(".");
  const pending = slots[Number(number) - 1]?.node.pending;
  return pending ? `run ${number}: ${pending.kind === "call" ? pending.operation : "sleep"}, ${what}` : token;
}

/** What a step has changed. A world may be renamed once no run is alive; letters then begin anew. */
function changes(before: World, { world, slots }: State): string {
  const notes: string[] = [];
  const key = changedKey(before, world);
  const renamed = !slots.some(isAlive);
  if (renamed) notes.push("no run is alive");
  else if (key) notes.push(`${key} ${letter(before.live[key])} becomes ${letter(world.live[key])}`);
  if (world.versions !== before.versions || renamed) notes.push(vault(world));
  const ended = slots.findIndex(({ node, over }) => over && node.pending.kind === "over");
  const end = slots[ended]?.node.pending;
  if (end?.kind === "over") notes.push(`run ${ended + 1} says ${end.outcome}, ${end.reason}`);
  return notes.length > 0 ? ` → ${notes.join("; ")}` : "";
}

function vault(world: World): string {
  const latest = latestOf(world);
  if (latest === undefined) return "there is no secret";
  const state = withFingerprints(latest.tags.RotationState ?? "", (print) => {
    const value = [...letters.keys()].find((text) => fingerprintOf(text) === print);
    return value ? letter(value) : "?";
  });
  const live = `live are ${letter(world.live.authKey1)} and ${letter(world.live.authKey2)}`;
  const dead = namesDeadKey(world) ? ", which is DEAD" : "";
  const others = world.versions
    .slice(0, -1)
    .map((v) => `${letter(v.value)}${isLive(world, v.value) ? "" : "†"}${v.enabled ? "" : " off"}`);
  return `the vault names ${letter(latest.value)}${dead}${latest.enabled ? "" : " (disabled)"} ${state} (before: ${others.join(", ")}), ${live}`;
}

const letters = new Map<string, string>();
function letter(value: string): string {
  const known =
    letters.get(value) ??
    (value.startsWith("IR@") ? String.fromCharCode(65 + letters.size) : "something else");
  letters.set(value, known);
  return known;
}
