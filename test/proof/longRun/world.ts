import type { Vault } from "../../../local/azure/model/keyVault.ts";
import type { AzureState } from "../../../local/azure/model/state.ts";
import type { Config } from "../../../src/config/config.ts";
import type { Leases } from "../../support/memoryServices.ts";
import type { WritingRun } from "../shared/checkEffect.ts";
import { RuntimeRecord, type ValueLife } from "../shared/record.ts";
import type { Asked } from "../shared/run.ts";
import type { Service } from "../shared/serviceErrors.ts";
import type { Instance } from "./instance.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

/** One runtime with what this proof knows of it besides. */
export class Runtime extends RuntimeRecord {
  /** Outside acts so far, and effects of runs' writes. */
  acts = 0;
  writes = 0;
  /** When something last went wrong with it, which may have kept it from being rotated. */
  wrongAt = 0;
  /** Ids of versions that a person wrote. */
  readonly handVersions = new Set<string>();
  /** Runs that are at work on it. */
  readonly turns = new Set<Turn>();
  /** What happened lately, in words. */
  readonly events: string[] = [];
}

/** What one run was told of a pattern's scope. */
export interface Listed {
  readonly pattern: string;
  readonly found: readonly string[];
  /** Part of it could not be listed, or there was nothing. */
  readonly failed: boolean;
}

/** One run of the production code. */
export interface Run {
  readonly id: number;
  readonly asked: Asked;
  readonly instance: Instance;
  readonly turns: Map<Runtime, Turn>;
  readonly beganAt: number;
  /** What its lists told. */
  readonly listed: Listed[];
  /** Its process is gone: it never goes on. */
  dead: boolean;
}

/** What one run does to one runtime, from its first look to its outcome. */
export interface Turn extends WritingRun {
  readonly run: Run;
  readonly record: Runtime;
  /** How fast Azure is for it: slow turns come close to every limit. */
  readonly pace: "quick" | "usual" | "slow";
  readonly actsAtStart: number;
  readonly writesAtStart: number;
  /** The version that was due for a rotation as it began. */
  readonly dueAtStart: string | undefined;
  /** Values whose death a compromise call owes. */
  readonly owes: readonly ValueLife[];
  faults: number;
  ownWrites: number;
  published: number;
  /** Its lease, by the name that the store gave to it. */
  holder: string | undefined;
  foundLeased: boolean;
}

/** One app with its runtimes, vault, lease store and nodes; nothing of it touches another. */
export interface World {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly azure: AzureState;
  readonly vault: Vault;
  readonly leases: Leases;
  readonly config: Config;
  /** All that have ever been there. */
  readonly records: Runtime[];
  readonly instances: Instance[];
  /** By subscription: until when others spend what it answers, and when the app was last refused by it. */
  readonly othersSpend: Map<string, number>;
  readonly throttledAt: Map<string, number>;
  /** By subscription: which instances have asked it lately, and when. */
  readonly sentAt: Map<string, Map<Instance, number>>;
  /** How often each of several things has happened, by its name. */
  readonly counts: Record<string, number>;
  /** Lets something else happen to a runtime on which a run has just taken the lease, or died with it. */
  leased: (record: Runtime) => void;
  /** Lets somebody ask again at the very end of the overlap of what was published. */
  published: (record: Runtime) => void;
  /** Calls of one service, or the writing of new versions alone, fail until some time. */
  outage:
    | { readonly of: Service | "new versions"; readonly status: number | undefined; readonly until: number }
    | undefined;
  /** Nothing goes wrong any longer. */
  calm: boolean;
  /** The first broken promise, with its trace. */
  violation: string | undefined;
}

export function count({ counts }: World, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

const SHOWN = 60;

export function note({ scheduler }: World, { events }: Runtime, words: string): void {
  events.push(`${new Date(Math.floor(scheduler.now)).toISOString()}  ${words}`);
  if (events.length >= 2 * SHOWN) events.splice(0, SHOWN);
}

/** A promise is broken: the world ends with its story. */
export function fail(world: World, record: Runtime, text: string): void {
  world.violation ??= [`${record.config.id.name}: ${text}`, ...record.events.slice(-SHOWN)].join("\n  ");
  world.scheduler.stop();
}

/** What a trace calls a run. */
export function nameOf({ id, asked: { request, dryRun }, instance }: Run): string {
  return `run ${id} (${dryRun ? "dry run" : request}, instance ${instance.number})`;
}
