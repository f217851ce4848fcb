import { addVault, type Vault } from "../../../local/azure/model/keyVault.ts";
import type { AzureState } from "../../../local/azure/model/state.ts";
import type { Config } from "../../../src/config/config.ts";
import type { Leases } from "../../support/memoryServices.ts";
import type { Service } from "../../support/serviceErrors.ts";
import { RuntimeRecord } from "../shared/record.ts";
import { blockOf } from "../shared/sides.ts";
import { tagsOfOthers } from "../shared/stateTag.ts";
import type { Random } from "./random.ts";
import { type Instance, type Run, startInstance } from "./runs.ts";
import { Scheduler } from "./scheduler.ts";

/** One runtime with what this proof knows of it besides. */
export class Runtime extends RuntimeRecord {
  /** Outside acts so far, and effects of runs' writes. */
  acts = 0;
  writes = 0;
  /** When something last went wrong with it, which may have kept it from being rotated. */
  wrongAt = 0;
  /** Ids of versions that a person wrote. */
  readonly handVersions = new Set<string>();
  /** What happened lately. */
  readonly events: { readonly at: number; readonly words: string }[] = [];

  /** More tags of others than leave room for the four of ours. */
  get hasTooManyTags(): boolean {
    return tagsOfOthers(this.latest?.tags ?? {}).length > 15 - 4;
  }

  /** What only a person can put right; undefined where there is nothing of the kind. */
  get trouble(): string | undefined {
    return blockOf(this) ?? (this.hasTooManyTags ? "too-many-tags" : undefined);
  }
}

const SHOWN = 60;

/** One app with its time, runtimes, vault, lease store and nodes; nothing of it touches another. */
export class World extends Scheduler {
  readonly random: Random;
  readonly azure: AzureState;
  readonly config: Config;
  readonly vault: Vault;
  readonly leases: Leases = new Map();
  /** All that have ever been there, and each of them by its id and by its secret's name. */
  readonly records: Runtime[] = [];
  readonly byName = new Map<string, Runtime>();
  readonly instances: Instance[];
  /** Those that are at work, and how many have begun. */
  readonly runs = new Set<Run>();
  begun = 0;
  /** How often each of several things has happened, by its name. */
  readonly counts: Record<string, number> = {};
  /** Calls of one service, or the writing of new versions alone, fail until some time. */
  outage: { of: Service | "addVersion"; status: number | undefined; until: number } | undefined;
  /** Nothing goes wrong any longer. */
  calm = false;
  /** The first broken promise, with its trace. */
  violation: string | undefined;
  /** By subscription: until when others spend what it answers, and when it last refused the app. */
  readonly othersUntil = new Map<string, number>();
  readonly throttledAt = new Map<string, number>();
  /** By subscription: when each process of the app has last asked it. */
  readonly askedAt = new Map<string, Map<Instance, number>>();

  constructor(start: number, random: Random, azure: AzureState, config: Config) {
    super(start);
    this.random = random;
    this.azure = azure;
    this.config = config;
    this.vault = addVault(azure.keyVault, "contoso.vault.azure.net");
    this.instances = [0, 1, 2].map((number) => startInstance(this, number));
  }

  /** Once that time is over, unless all is calm by then. */
  later(ms: number, act: () => unknown): void {
    this.in(ms, () => this.calm || act());
  }

  /** So often on average, at random. */
  every(mean: number, act: () => void): void {
    this.later(this.random.waiting(mean), () => {
      act();
      this.every(mean, act);
    });
  }

  count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  note({ events }: Runtime, words: string): void {
    events.push({ at: this.now, words });
    if (events.length >= 2 * SHOWN) events.splice(0, SHOWN);
  }

  /** A promise is broken: the world ends with its story. */
  fail({ config, events }: Runtime, text: string): void {
    const story = events.slice(-SHOWN).map(({ at, words }) => `${new Date(at).toISOString()}  ${words}`);
    this.violation ??= [`${config.id.name}: ${text}`, ...story].join("\n  ");
    this.isOver = true;
  }
}
