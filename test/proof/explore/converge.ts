import { KEY_NAMES } from "../../../src/services.ts";
import { Violation } from "../shared/checkWrite.ts";
import { type RequestKind, SOAK_MS } from "../shared/run.ts";
import { blockOf, changedKey, isDue, isForeign, latestOf, namesDeadKey, unhealthy } from "../shared/sides.ts";
import { stateOf } from "../shared/stateTag.ts";
import { begin, proceed } from "./behaviour.ts";
import { keyOfWorld, rebase } from "./canonical.ts";
import { answerOf, perform } from "./effects.ts";
import type { Pending } from "./execution.ts";
import { settle } from "./ghosts.ts";
import { checkEffect, checkEnd, type Ghost, UNTOUCHED } from "./promises.ts";
import { declaredIn, intentOf } from "./reading.ts";
import { DAY, HOUR, LEASE, PROVABLE, SECOND, WATCHED, type World } from "./world.ts";

/** The slot of runs that nothing disturbs; runs that are explored have smaller ones. */
const UNDISTURBED = 9;

export interface Undisturbed {
  readonly world: World;
  readonly end: Pending;
  readonly regenerates: number;
  readonly writes: number;
  readonly calls: readonly string[];
  readonly violation: Violation | undefined;
}

/** One run to its end, with every call answered and nobody else about. */
export async function undisturbed(
  start: World,
  request: RequestKind = "timer",
  skew = 0,
): Promise<Undisturbed> {
  let world = rebase(start);
  const declared = request === "compromised" ? declaredIn(world) : [];
  let ghost: Ghost = { ...UNTOUCHED, request, app: "a", declared };
  let node = await begin({ request, app: "a", slot: UNDISTURBED, now: world.now, skew });
  let writes = 0;
  const calls: string[] = [];
  for (;;) {
    const { pending } = node;
    if (pending.kind === "sleep") {
      world = { ...world, now: pending.until };
      node = await proceed(node, { key: "awake", now: world.now });
      continue;
    }
    if (pending.kind !== "call") {
      const violation = checkEnd(world, ghost, pending, true);
      return { world, end: pending, regenerates: ghost.regenerated.length, writes, calls, violation };
    }
    const { operation, effect } = pending;
    calls.push(operation);
    const { after, value, error } = perform(world, effect, UNDISTURBED);
    const settled = settle(world, after, ghost, operation);
    const violation = checkEffect(world, settled, ghost, UNDISTURBED, operation, false);
    const wrote = settled.versions !== world.versions;
    const key = changedKey(world, settled);
    if (wrote || key) writes += 1;
    ghost = {
      ...ghost,
      wrote: ghost.wrote || wrote,
      regenerated: key ? [...ghost.regenerated, key] : ghost.regenerated,
    };
    world = settled;
    if (violation)
      return { world, end: pending, regenerates: ghost.regenerated.length, writes, calls, violation };
    node = await proceed(node, { ...answerOf(operation, value, error), now: world.now });
  }
}

const converged = new Map<string, Violation | undefined>();

/** From a world that is left alone, two ticks without faults must lead to a healthy one, in which a third does nothing. */
export async function converge(world: World): Promise<Violation | undefined> {
  const left = rebase({
    ...world,
    late: [],
    refusesVersions: false,
    staleNext: false,
    keysBefore: undefined,
  });
  const key = keyOfWorld(left);
  if (converged.has(key)) return converged.get(key);
  const violation = await findFault(left);
  converged.set(key, violation);
  return violation;
}

async function findFault(left: World): Promise<Violation | undefined> {
  let world: World = { ...left, now: left.now + LEASE + SECOND };
  for (const tick of ["first", "second"]) {
    const needed = regeneratesNeeded(world);
    const run = await undisturbed(world);
    if (run.violation)
      return new Violation(run.violation.promise, `in the ${tick} tick after: ${run.violation.what}`);
    if (run.regenerates > needed) {
      return new Violation(
        5,
        `the ${tick} tick regenerates ${run.regenerates} keys where ${needed} are needed`,
      );
    }
    if (namesDeadKey(run.world) && !isBlocked(run)) {
      return new Violation(1, `the ${tick} tick does not repair that the vault names a dead key`);
    }
    world = { ...run.world, now: run.world.now + DAY };
  }
  const fault = faultOf(world);
  if (fault) return new Violation(5, `after two ticks ${fault}`);
  const third = await undisturbed({ ...world, now: world.now - DAY + HOUR });
  if (third.violation) return third.violation;
  if (third.writes > 0 || (!isBlocked(third) && !isKept(third))) {
    return new Violation(5, `a third tick still finds work: ${JSON.stringify(third.end)}`);
  }
  return undefined;
}

function isBlocked({ end }: Undisturbed): boolean {
  return end.kind === "over" && end.outcome === "blocked";
}

function isKept({ end }: Undisturbed): boolean {
  return end.kind === "over" && end.outcome === "kept";
}

/** What a person would say has to be regenerated, told by the world itself. */
function regeneratesNeeded(world: World): number {
  const latest = latestOf(world);
  if (!latest?.enabled || isForeign(world, latest)) return 0;
  const intent = intentOf(latest);
  if (intent?.kind === "kill") return 1;
  if (intent?.compromised) return 2;
  return isDue(world, latest, world.now) ? 1 : 0;
}

/** What is wrong with a world that should be healthy; a person has to act where nothing can be published. */
function faultOf(world: World): string | undefined {
  if (blockOf(world)) return undefined;
  const [wrong] = unhealthy(world);
  if (wrong) return wrong;
  const { tags, value } = latestOf(world)!;
  if (!KEY_NAMES.some((key) => key === tags.CredentialId && world.live[key] === value))
    return "a tag names the wrong key";
  if (world.condemned.length > 0) return "a value that was declared compromised still lives";
  return wronglyFound(world);
}

/** What the latest version says of the nodes at the last tick, and is not so. */
function wronglyFound(world: World): string | undefined {
  const { offline, now } = world;
  const { note } = stateOf(latestOf(world)?.tags);
  if (note === undefined || offline === undefined) return undefined;
  const [wereOnline, wereOffline, seconds, , , finding] = note;
  const age = now - DAY - seconds * 1000;
  const isLost = 2 - offline < wereOnline && offline > wereOffline;
  if (isLost && age < WATCHED && finding !== "lost") return "nobody has noticed that nodes are lost";
  if (!isLost && finding === "lost") return "nobody has noticed that lost nodes are back";
  const mustProve = age > SOAK_MS && age < PROVABLE && offline < 2;
  return finding === null && mustProve ? "nobody has noticed that nodes stayed online" : undefined;
}
