import type { RuntimeConfig } from "../../../src/config/config.ts";
import type { RuntimeOutcome } from "../../../src/reconcile/outcome.ts";
import type { RunResult } from "../../../src/reconcile/reconcile.ts";
import type { Fleet } from "../../support/fleet.ts";
import type { Life } from "./life.ts";

const DAY = 86_400_000;

/** How long before a version expires the vault warns of it. */
const NEAR_EXPIRY_MS = 30 * DAY;

/** Calls that spend ARM's write budget. */
const ARM_WRITES: ReadonlySet<string> = new Set(["listAuthKeys", "regenerateAuthKey", "getStatus"]);

const PERIOD_DAYS = 30;

/** For so many days after the last rotation nodes are watched. */
const WATCHED_DAYS = 7;

export interface Figures {
  /** Runtimes of which nodes went offline because their key was dead, and how many at once at most. */
  readonly lost: number;
  readonly lostAtOnce: number;
  /** Those that did for the first time, in whichever 30 days there were most: a loss holds up others for that long. */
  readonly lostInAPeriod: number;
  /** Runtimes of which the timer told that nodes are lost, for whatever reason they were offline. */
  readonly told: number;
  /** Rotations. */
  readonly rotated: number;
  /** The longest that a rotation was overdue at a tick, in days. */
  readonly overdueDays: number;
  /** Versions that came near their expiry, and those of them whose runtime had only waited for its turn. */
  readonly warnings: number;
  readonly falseWarnings: number;
  /** At a tick at which nothing was due or watched, at most, for each runtime. */
  readonly idleArmWrites: number;
  readonly idleVaultCalls: number;
}

/** Keeps account of one fleet. */
export class Figuring {
  readonly #fleet: Fleet;
  readonly #lostNow = new Set<string>();
  /** When each lost nodes first, in days. */
  readonly #lost = new Map<string, number>();
  readonly #told = new Set<string>();
  readonly #warned = new Set<string>();
  /** Runtimes whose due rotation was held up by something else than its turn. */
  readonly #heldUp = new Set<string>();
  #latest: readonly RuntimeOutcome[] = [];
  #lastActivity = 0;
  #lostAtOnce = 0;
  #rotated = 0;
  #overdueMs = 0;
  #falseWarnings = 0;
  #idleArmWrites = 0;
  #idleVaultCalls = 0;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** Which of these have lost nodes by now. */
  look(runtimes: readonly RuntimeConfig[], life: Life): void {
    for (const runtime of runtimes) {
      const { name } = runtime.id;
      if (!life.hasLostNodes(runtime)) this.#lostNow.delete(name);
      else {
        this.#lostNow.add(name);
        if (!this.#lost.has(name)) this.#lost.set(name, this.#fleet.day);
      }
    }
    this.#lostAtOnce = Math.max(this.#lostAtOnce, this.#lostNow.size);
  }

  /** What came of waiting since the tick before. */
  beforeTick(): void {
    const now = this.#fleet.clock.wall();
    this.#fleet.calls.length = 0;
    for (const { config, dueAt, expiresAt, version } of this.#latest) {
      if (dueAt !== undefined) this.#overdueMs = Math.max(this.#overdueMs, now - dueAt);
      if (expiresAt === undefined || version === undefined || now < expiresAt - NEAR_EXPIRY_MS) continue;
      const isNew = !this.#warned.has(version);
      this.#warned.add(version);
      if (isNew && !this.#heldUp.has(config.id.name)) this.#falseWarnings += 1;
    }
  }

  afterTick({ runtimes }: RunResult): void {
    const { day, calls } = this.#fleet;
    this.#latest = runtimes;
    for (const { config, outcome, reason } of runtimes) {
      const { name } = config.id;
      if (outcome === "rotated") this.#rotated += 1;
      if (outcome === "rotated") this.#heldUp.delete(name);
      if (reason === "nodes-lost") this.#told.add(name);
      const isBraked = reason === "nodes-lost" || reason === "braked";
      if (outcome === "failed" || (isBraked && this.#lost.size > 0)) this.#heldUp.add(name);
      if (reason !== "not-due") this.#lastActivity = day;
    }
    if (day - this.#lastActivity <= WATCHED_DAYS) return;
    const armWrites = calls.filter((call) =>
      /^(listAuthKeys|regenerateAuthKey|getStatus)$/.test(call),
    ).length;
    const vaultCalls = calls.filter((call) => !ARM_WRITES.has(call) && !call.endsWith("Lease")).length;
    this.#idleArmWrites = Math.max(this.#idleArmWrites, armWrites / runtimes.length);
    this.#idleVaultCalls = Math.max(this.#idleVaultCalls, vaultCalls / runtimes.length);
  }

  figures(): Figures {
    const days = [...this.#lost.values()];
    const within = (first: number) => days.filter((day) => day >= first && day < first + PERIOD_DAYS).length;
    return {
      lost: this.#lost.size,
      lostAtOnce: this.#lostAtOnce,
      lostInAPeriod: Math.max(0, ...days.map(within)),
      told: this.#told.size,
      rotated: this.#rotated,
      overdueDays: this.#overdueMs / DAY,
      warnings: this.#warned.size,
      falseWarnings: this.#falseWarnings,
      idleArmWrites: this.#idleArmWrites,
      idleVaultCalls: this.#idleVaultCalls,
    };
  }
}
