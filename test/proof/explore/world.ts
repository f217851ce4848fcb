import { createHash } from "node:crypto";
import { addRuntime } from "../../../local/azure/model/dataFactory.ts";
import { createState } from "../../../local/azure/model/state.ts";
import { readConfig } from "../../../src/config/config.ts";
import type { KeyName } from "../../../src/services.ts";
import { settings } from "../../config/settings.ts";
import type { Sides } from "../shared/sides.ts";

/** The one runtime that is explored: P30D, P1D and P60D. */
const { runtimes } = readConfig(settings({ OVERLAP: "P1D" }));
export const config = runtimes[0]!;

export const SECOND = 1000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const OVERLAP = DAY;
export const ROTATE_EVERY = 30 * DAY;
export const LEASE = 60 * SECOND;
/** For how long a rotated runtime is watched. */
export const WATCHED = 7 * DAY;
/** Within which time its nodes can prove a rotation harmless. */
export const PROVABLE = 3 * DAY;

/** Every exploration starts here. The odd milliseconds show what rounding to whole seconds does. */
export const START = Date.parse("2031-03-01T00:00:00Z") + 999;

/** Promises that an outside act may break for a moment, by number; and what a run says, which a listing deceived. */
export type Excuse = 1 | 2 | 3 | 4 | 5 | 6 | 8 | 10 | "verified";

/** Which app a run belongs to: each has a lock store of its own. */
export type App = "a" | "b";

/** A write whose sender got no answer and that may still take effect. */
export interface LateWrite {
  readonly name: string;
  readonly slot: number;
  /** When the lease runs out that its run held as it sent it: before, nobody else can be at work. */
  readonly protectedUntil: number;
  readonly effect: () => unknown;
}

/** Everything outside the runs, as a value: steps make a new one. */
export interface World extends Sides {
  readonly now: number;
  readonly minted: number;
  /** What a listing that is one regenerate behind would show. */
  readonly keysBefore: Readonly<Record<KeyName, string>> | undefined;
  /** Whether the next listing shows that. */
  readonly staleNext: boolean;
  readonly written: number;
  /** The vault takes updates but no new versions. */
  readonly refusesVersions: boolean;
  /** How many of the runtime's two nodes are off; undefined where it has none. */
  readonly offline: 0 | 1 | 2 | undefined;
  readonly leases: Readonly<Record<App, { readonly slot: number; readonly until: number } | undefined>>;
  readonly late: readonly LateWrite[];

  // What the promises are told by.
  /** When live values that the vault no longer names were superseded. */
  readonly superseded: Readonly<Record<string, number>>;
  /** Live values that a run minted to publish and that the vault has never named. */
  readonly unpublished: readonly string[];
  /** Live values that a compromise, from its first write on, owes to be killed. */
  readonly condemned: readonly string[];
  /** Live values that a compromise, from its first write on, may kill without regard to the overlap. */
  readonly surrendered: readonly string[];
  readonly excuses: readonly Excuse[];
}

/** The n-th value that the model mints for this runtime, from 1. */
export function valueText(n: number): string {
  while (texts.length < n) {
    const state = createState();
    state.dataFactory.minted = texts.length;
    texts.push(addRuntime(state.dataFactory, config.id.text, START).keys.authKey1[0]!.value);
  }
  return texts[n - 1]!;
}
const texts: string[] = [];

/** The id of the n-th version that the model writes, from 1. */
export function versionId(n: number): string {
  return createHash("sha256").update(`${n}`).digest("hex").slice(0, 32);
}

/** A world with a runtime whose keys are new, and no secret. */
export const emptyWorld: World = {
  now: START,
  config,
  live: { authKey1: valueText(1), authKey2: valueText(2) },
  minted: 2,
  keysBefore: undefined,
  staleNext: false,
  versions: [],
  isDeleted: false,
  written: 0,
  refusesVersions: false,
  offline: undefined,
  leases: { a: undefined, b: undefined },
  late: [],
  superseded: {},
  unpublished: [],
  condemned: [],
  surrendered: [],
  excuses: [],
};
