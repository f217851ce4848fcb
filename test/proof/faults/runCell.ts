import type { Fault } from "../../../local/azure/faults.ts";
import { readState } from "../../../src/plan/rotationState.ts";
import { type Cell, isBlob } from "./cells.ts";
import type { FrontFault } from "./front.ts";
import { armIdOf, type BlobOperation, secretNameOf, VAULT } from "./scenarios.ts";
import { canaries } from "./secrecy.ts";
import type { Run, Stage } from "./stage.ts";
import { watch } from "./watch.ts";

/** What a person wants to know of a fault. */
export interface CellResult {
  readonly outcome: string;
  /** What the vault names, and what happened to it. */
  readonly vault: string;
  readonly minted: number;
  readonly lease: "given back" | "runs out" | "none";
  readonly calls: string;
  /** Seconds that it stood still, waiting for an answer or because it was asked to wait. */
  readonly waited: number;
  readonly next: string;
  readonly violations: readonly string[];
}

/** At most so many runs after the one that was hit: the lease expired, the next one, one that finds nothing to do. */
const MOST_RUNS = 3;

/** Whatever is longer than this is no busy machine but a timeout, or a wait that a service asked for. */
const STILL_MS = 7000;

/** To five seconds: so that a busy machine tells the same as an idle one. */
function waitedBetween(times: readonly number[]): number {
  const ordered = times.toSorted((a, b) => a - b);
  const gaps = ordered.slice(1).map((time, index) => time - (ordered[index] ?? time));
  const still = gaps.filter((gap) => gap > STILL_MS).map((gap) => Math.floor(gap / 5000) * 5);
  return still.reduce((sum, seconds) => sum + seconds, 0);
}

/** Lets the fault strike; returns the way to end it. */
export type Strike = (cell: Cell, stage: Stage) => () => void;

export async function runCell(cell: Cell, stage: Stage, strike: Strike = inject): Promise<CellResult> {
  const { id, scenario } = cell;
  const { azure, leases } = stage;
  scenario.prepare(azure, id);
  await leases.add(id, scenario.isNew);
  const watching = watch(azure, id, scenario);
  const given = scenario.given && azure.faults.inject({ ...scenario.given, resource: id });
  const remove = strike(cell, stage);
  const versions = () => azure.state.keyVault.vaults[VAULT]?.secrets[secretNameOf(id)]?.versions ?? [];
  const had = versions().length;
  const firstCall = azure.calls.length;

  const began = Date.now();
  const hit = await stage.run(id, scenario.request);
  const ended = Date.now();
  remove();
  given?.remove();
  const mine = azure.calls.slice(firstCall).filter(({ resource }) => resource.includes(id));
  const count = (service: string) => mine.filter((call) => call.service === service).length;
  const locks = leases.takeRequests(id);
  const calls = `${count("vault")} / ${count("arm")} / ${locks.length}`;
  // The services' clock may be set off; what it shows differs from real time by as much in every call.
  const off = azure.clock.now() - Date.now();
  const waited = waitedBetween([began, ...mine.map(({ at }) => at - off), ...locks, ended]);
  const lease = leases.isHeld(id) ? "runs out" : leases.wasHeld(id) ? "given back" : "none";
  const { minted } = watching;
  const vault = describeVault(cell, stage, versions().length - had);

  const { next, healthy, texts } = await runAgain(cell, stage);
  watching.finish();
  watching.remove();
  const violations = [...watching.violations];
  if (!healthy) violations.push("promise 5: still not settled after three more runs");
  const seen = [hit, ...texts].flatMap((part) => (typeof part === "string" ? part : part.texts)).join("\n");
  if (canaries(azure, id).some((canary) => seen.includes(canary)))
    violations.push("promise 9: a value was let out");
  if (!allowed(cell, hit)) violations.push(`contract: ${hit.outcome.outcome}, ${hit.outcome.reason}`);
  if (hit.outcome.outcome === "rotated" && hit.outcome.regenerates.length !== minted) {
    violations.push("contract: the answer tells other regenerates than there were");
  }
  const { outcome, reason } = hit.outcome;
  return { outcome: `${outcome}, ${reason}`, vault, minted, lease, calls, waited, next, violations };
}

function inject(cell: Cell, { azure, leases }: Stage): () => void {
  const { id, step, kind, when, hit } = cell;
  // Two are all tries that there are; a third would be another call of the run.
  const times = hit === "once" ? 1 : 2;
  if (isBlob(step)) {
    const operation = step.operation as BlobOperation;
    leases.inject(id, { operation, attempt: step.attempt, times, when, fault: kind.fault as FrontFault });
    return () => leases.inject(id, undefined);
  }
  const operation = step.operation as Exclude<typeof step.operation, BlobOperation>;
  const injected = azure.faults.inject({
    operation,
    resource: id,
    attempt: step.attempt,
    times: step.operation === "regenerateAuthKey" ? 1 : times,
    when,
    fault: kind.fault as Fault,
  });
  return () => injected.remove();
}

function describeVault({ id, scenario }: Cell, { azure }: Stage, added: number): string {
  const latest = azure.latestVersion(VAULT, secretNameOf(id));
  if (latest === undefined) return "no secret";
  const keys = azure.liveKeys(armIdOf(id));
  const live = Object.values(keys).includes(latest.value);
  const { intent } = readState(latest.tags.RotationState);
  const named = live ? "live" : scenario.name === "foreign" ? "another's" : "dead";
  return [named, added > 0 ? `+${added}` : "", intent ? `intent: ${intent.kind}` : ""]
    .filter(Boolean)
    .join(", ");
}

/** The runs after the fault is over, until there is nothing left to do. */
async function runAgain(
  { id, scenario }: Cell,
  stage: Stage,
): Promise<{ next: string; healthy: boolean; texts: (Run | string)[] }> {
  const texts: (Run | string)[] = [await stage.statusOf(id)];
  const told: string[] = [];
  for (let index = 0; index < MOST_RUNS; index += 1) {
    const run = await stage.run(id, "timer");
    texts.push(run);
    const { outcome, reason } = run.outcome;
    const settled = reason === "not-due" || scenario.name === "foreign";
    if (!settled || told.length === 0) told.push(`${outcome}, ${reason}`);
    if (settled)
      return {
        next: told.join(", then "),
        healthy: scenario.usual === reason || reason === "not-due",
        texts,
      };
    if (stage.leases.isHeld(id)) await stage.leases.expire(id);
  }
  return { next: told.join(", then "), healthy: false, texts };
}

/** Whether the contract has this outcome for this fault at this step. */
function allowed({ scenario, step, kind }: Cell, { outcome: { reason } }: Run): boolean {
  return [scenario.usual, ...kind.reasons, ...(step.reasons ?? [])].includes(reason);
}
