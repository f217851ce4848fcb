import type { Injected } from "../../../local/azure/faults.ts";
import { findCanaries } from "../../support/canaries.ts";
import { idOf } from "../../support/runtime.ts";
import type { RuntimeRecord } from "../shared/record.ts";
import { showsSecret } from "../shared/run.ts";
import { isForeign, isLive } from "../shared/sides.ts";
import { type Cell, namesOf } from "./cells.ts";
import type { Stage } from "./stage.ts";
import { resourceOf } from "./subject.ts";
import { Watch } from "./watch.ts";

/** What a person wants to know of a fault. */
export interface CellReport {
  readonly call: string;
  readonly fault: string;
  readonly outcome: string;
  /** What the vault names, and what happened to it. */
  readonly vault: string;
  readonly minted: number;
  readonly lease: "given back" | "runs out" | "none";
  readonly next: string;
  /** What breaks a promise, in words. */
  readonly violations: readonly string[];
}

/** At most so many runs after the one that was hit: the lease expired, the next one, one that finds nothing to do. */
const MOST_RUNS = 3;

export async function runCell(cell: Cell, stage: Stage): Promise<CellReport> {
  const { id, scenario } = cell;
  const { azure } = stage;
  const { request = "timer", usual } = scenario;
  scenario.prepare(azure, id);
  // Only what is new to the app was never locked.
  if (usual !== "first-contact") await stage.leases.add(idOf(id));
  const watch = new Watch(stage, id, scenario);
  const given = scenario.given && azure.faults.inject({ ...scenario.given, resource: id });
  const faults = inject(cell, stage);
  const { record, violations } = watch;
  const had = record.versions.length;

  watch.begins(request);
  watch.isDeceived = cell.kind.isLie ?? false;
  const hit = await stage.run(id, request);
  for (const each of [...faults, given]) each?.remove();
  watch.isDeceived = false;
  const { minted, held, wasHeld } = watch;
  const lease = held ? "runs out" : wasHeld ? "given back" : "none";
  const vault = describe(record, record.versions.length - had);

  const { next, isHealthy, text } = await runAgain(cell, stage, watch);
  watch.finish();
  if (faults[0]?.hits === 0) violations.push("the fault was met by nobody: nothing was put to the test");
  if (!isHealthy) violations.push("promise 5: still not settled after three more runs");
  const seen = hit.text + text;
  if (showsSecret(seen) || findCanaries(seen).length > 0) violations.push("promise 9: a value was let out");
  const allowed: readonly string[] = [usual, ...cell.kind.reasons, ...cell.step.reasons];
  if (!allowed.includes(hit.reason)) violations.push(`contract: ${hit.outcome}, ${hit.reason}`);
  if (hit.outcome === "rotated" && (hit.regenerates?.length ?? minted) !== minted) {
    violations.push("contract: the answer tells other regenerates than there were");
  }
  const outcome = `${hit.outcome}, ${hit.reason}`;
  const names = namesOf(cell);
  const broken = violations.map((text) => `${names.call}: ${names.fault}: ${text}`);
  return { ...names, outcome, vault, minted, lease, next, violations: broken };
}

function inject({ id, step, kind, when, hit }: Cell, { azure }: Stage): readonly Injected[] {
  const { operation, attempt, resource = resourceOf(id, operation) } = step;
  // Two are all tries that there are; a third would be another call of the run. A token is asked for as often as one likes.
  const tries = operation === "token" ? Number.POSITIVE_INFINITY : 2;
  const times = hit === "once" || operation === "regenerateAuthKey" ? 1 : tries;
  const at = { operation, resource, attempt, times, when };
  return [kind.fault].flat().map((fault) => azure.faults.inject({ ...at, fault }));
}

function describe(record: RuntimeRecord, added: number): string {
  const { latest, intent } = record;
  if (latest === undefined) return "no secret";
  const named = isLive(record, latest.value) ? "live" : isForeign(record, latest) ? "another's" : "dead";
  return [named, added > 0 ? `+${added}` : "", intent ? `intent: ${intent.kind}` : ""]
    .filter(Boolean)
    .join(", ");
}

/** The runs after the fault is over, until there is nothing left to do, or only for a person. */
async function runAgain({ id, scenario }: Cell, stage: Stage, watch: Watch) {
  let text = await stage.statusOf(id);
  const told: string[] = [];
  let isSettled = false;
  for (let index = 0; index < MOST_RUNS && !isSettled; index += 1) {
    watch.begins("timer");
    const { outcome, reason, text: more } = await stage.run(id, "timer");
    text += more;
    isSettled =
      (reason === "not-due" || (outcome === "blocked" && reason === scenario.usual)) && watch.isFound;
    if (!isSettled || told.length === 0) told.push(`${outcome}, ${reason}`);
    if (!isSettled) await watch.expire();
  }
  return { next: told.join(", then "), isHealthy: isSettled, text };
}
