import type { Vault } from "../../../local/azure/model/keyVault.ts";
import type { AzureState } from "../../../local/azure/model/state.ts";
import type { Config, RuntimeConfig } from "../../../src/config/config.ts";
import type { RequestKind, Trigger } from "../../../src/plan/runRequest.ts";
import type { KeyName } from "../../../src/services.ts";
import type { Leases } from "../../support/memoryServices.ts";
import type { Random } from "./random.ts";
import type { RuntimeRecord } from "./record.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Tally } from "./tally.ts";
import type { ValueLife } from "./values.ts";

export type Service = "Azure Resource Manager" | "Key Vault" | "Blob Storage";

/** One instance of the app: what it runs dies with it, and its own clock is wrong. */
export interface Instance {
  readonly number: number;
  readonly runs: Set<Run>;
  /** How much its clock is ahead, in milliseconds. */
  skew: number;
}

/** One call of the production `reconcile`. */
export interface Run {
  readonly id: number;
  readonly trigger: Trigger;
  readonly request: RequestKind;
  readonly dryRun: boolean;
  readonly instance: Instance;
  readonly turns: Map<RuntimeConfig, Turn>;
  /** Its process is gone: it never goes on. */
  dead: boolean;
}

/** What one run does to one runtime, from its first look to its outcome. */
export interface Turn {
  readonly run: Run;
  readonly record: RuntimeRecord;
  readonly startedAt: number;
  /** How fast Azure is for it: slow turns come close to every limit. */
  readonly pace: "quick" | "usual" | "slow";
  readonly actsAtStart: number;
  readonly writesAtStart: number;
  /** The latest version as the turn began was due for a rotation: its id. */
  readonly dueAtStart: string | undefined;
  /** Outside acts on the secret as of its last look at it. */
  secretActsAtLook: number;
  /** Whether its last look showed that the second half of a compromise is to be done. */
  seesKill: boolean;
  /** When it last saw both keys. */
  keysListedAt: number;
  faults: number;
  ownWrites: number;
  /** Its lease, by the name that the store gave to it. */
  holder: string | undefined;
  foundLeased: boolean;
  /** Whether the vault has taken a write of it. */
  wrote: boolean;
  published: number;
  readonly regenerated: KeyName[];
  /** What an unfinished compromise still owed as it took the lease. */
  foundCondemned: readonly ValueLife[];
  /** Values whose death a compromise call owes, from its first write on. */
  owes: readonly ValueLife[] | undefined;
  orphaningsAtDeclaration: number;
}

/** Calls of one service, or the writing of new versions alone, fail until some time. */
export interface Outage {
  readonly of: Service | "new versions";
  readonly status: number | undefined;
  readonly until: number;
}

/** One app with its runtimes, vault, lease store and nodes; nothing of it touches another. */
export interface World {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly azure: AzureState;
  readonly vault: Vault;
  readonly leases: Leases;
  readonly config: Config;
  readonly records: readonly RuntimeRecord[];
  /** The same by ARM id in lower case, and by the secret's name. */
  readonly byName: ReadonlyMap<string, RuntimeRecord>;
  readonly instances: readonly Instance[];
  readonly tally: Tally;
  /** Lets something else happen to a runtime on which a run has just taken the lease, or died with it. */
  leased: (record: RuntimeRecord) => void;
  /** Lets somebody ask again at the very end of the overlap of what a run has just published. */
  published: (record: RuntimeRecord) => void;
  outage: Outage | undefined;
  /** No more faults, outside acts and calls: the end has come. */
  calm: boolean;
  /** The first broken promise, with its trace: it ends the simulation. */
  violation: string | undefined;
}

/** A promise is broken. */
export function fail(world: World, record: RuntimeRecord, text: string): void {
  world.violation ??= [
    text,
    `runtime ${record.config.id.name}, overlap ${record.config.overlap.text}, rotated every ${record.config.rotateEvery.text}`,
    ...record.events.last().map((line) => `  ${line}`),
  ].join("\n");
  world.scheduler.stop();
}
