import { changedKey, fingerprintOf, isLive, latestOf, namesDeadKey } from "../shared/sides.ts";
import { withFingerprints } from "../shared/stateTag.ts";
import { actsOn } from "./acts.ts";
import type { Found } from "./explorer.ts";
import { faultsOf } from "./faults.ts";
import { movesFrom } from "./moves.ts";
import { firstState, isAlive, type Move, type Scenario, type State } from "./state.ts";
import type { World } from "./world.ts";

/** Follows a path again, step by step. */
export async function replay(scenario: Scenario, path: readonly string[]): Promise<Move[]> {
  const moves: Move[] = [];
  let state = firstState(scenario);
  for (const token of path) {
    const move = (await movesFrom(state, scenario)).find((candidate) => candidate.token === token);
    if (move === undefined) throw new Error(`after ${moves.length} steps there is no "${token}"`);
    moves.push(move);
    state = move.state;
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

function words(state: State, token: string): string {
  const act = state.acts > 0 ? actsOn(state).find((candidate) => candidate.token === token) : undefined;
  if (act) return act.words;
  const [, run, request, app, later = ""] = /^start(\d):([^:]+):(.)(.*)$/.exec(token) ?? [];
  if (run) return `run ${run} (${request}, app ${app}) begins ${later}`.trimEnd();
  const [number = "", what = "answers"] = token.split(".");
  const pending = state.slots[Number(number) - 1]!.node.pending;
  const call = pending.kind === "call" ? pending.operation : "its sleep";
  const fault =
    pending.kind === "call" ? faultsOf[pending.operation].find((one) => one.token === what) : undefined;
  const happened: Record<string, string> = {
    answers: `${call}`,
    wakes: "wakes",
    dies: `dies before ${call}`,
    diesSending: `dies while ${call} is on its way`,
    slow: `${call}, which is answered after 61 s`,
    lands: "its late write takes effect",
  };
  return `run ${number}: ${fault ? `${call} ${fault.words}` : happened[what]}`;
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
