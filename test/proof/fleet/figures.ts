import type { RuntimeConfig } from "../../../src/config/runtimeEntry.ts";
import type { RuntimeOutcome } from "../../../src/reconcile/outcome.ts";
import type { RunResult } from "../../../src/reconcile/reconcile.ts";
import type { Fleet } from "../../support/fleet.ts";
import { serviceOf } from "../../support/serviceErrors.ts";
import type { Life } from "./life.ts";

const DAY = 86_400_000;
const PERIOD_DAYS = 30;

/** How long before a version expires the vault warns of it. */
const NEAR_EXPIRY_MS = 30 * DAY;

/** For so many days after the last rotation nodes are watched. */
const WATCHED_DAYS = 7;

const NONE = {
  /** Runtimes of which nodes went offline because their key was dead, and how many at once at most. */
  lost: 0,
  lostAtOnce: 0,
  /** Those that did for the first time, in whichever 30 days there were most: a loss holds up others for that long. */
  lostInAPeriod: 0,
  /** Runtimes of which the timer told that nodes are lost, for whatever reason they were offline. */
  told: 0,
  rotated: 0,
  /** The longest that a rotation was overdue at a tick, in days. */
  overdueDays: 0,
  /** Versions that came near their expiry, and those of them whose runtime had only waited for its turn. */
  warnings: 0,
  falseWarnings: 0,
  /** Calls that spend ARM's write budget, and the vault's, at a tick at which nothing was due or watched, at most, for each runtime. */
  idleArmWrites: 0,
  idleVaultCalls: 0,
};

export type Figures = Readonly<typeof NONE>;

/** Keeps account of one fleet. */
export class Figuring {
  readonly #fleet: Fleet;
  readonly #life: Life;
  readonly #figures = { ...NONE };
  readonly #lostNow = new Set<string>();
  /** When each lost nodes first, in days. */
  readonly #lost = new Map<string, number>();
  readonly #told = new Set<string>();
  readonly #warned = new Set<string>();
  /** Runtimes whose due rotation was held up by something else than its turn. */
  readonly #heldUp = new Set<string>();
  #latest: readonly RuntimeOutcome[] = [];
  #lastActivity = 0;

  constructor(fleet: Fleet, life: Life) {
    this.#fleet = fleet;
    this.#life = life;
  }

  /** Which of these have lost nodes by now. */
  look(...runtimes: readonly RuntimeConfig[]): void {
    for (const runtime of runtimes) {
      const { name } = runtime.id;
      const isLost = this.#life.hasLostNodes(runtime);
      this.#lostNow[isLost ? "add" : "delete"](name);
      if (isLost && !this.#lost.has(name)) this.#lost.set(name, this.#fleet.day);
    }
    this.#atLeast("lostAtOnce", this.#lostNow.size);
  }

  /** What came of waiting since the tick before. */
  beforeTick(): void {
    const now = this.#fleet.clock.wall();
    this.#fleet.calls.length = 0;
    for (const { config, dueAt, expiresAt, version } of this.#latest) {
      if (dueAt !== undefined) this.#atLeast("overdueDays", (now - dueAt) / DAY);
      if (expiresAt === undefined || version === undefined || now < expiresAt - NEAR_EXPIRY_MS) continue;
      if (!this.#warned.has(version) && !this.#heldUp.has(config.id.name)) this.#figures.falseWarnings += 1;
      this.#warned.add(version);
    }
  }

  afterTick({ runtimes }: RunResult): void {
    const { day, calls } = this.#fleet;
    this.#latest = runtimes;
    for (const { config, outcome, reason } of runtimes) {
      const { name } = config.id;
      if (outcome === "rotated") this.#figures.rotated += 1;
      if (outcome === "rotated") this.#heldUp.delete(name);
      if (reason === "nodes-lost") this.#told.add(name);
      const isBraked = reason === "nodes-lost" || reason === "braked";
      if (outcome === "failed" || (isBraked && this.#lost.size > 0)) this.#heldUp.add(name);
      if (reason !== "not-due") this.#lastActivity = day;
    }
    if (day - this.#lastActivity <= WATCHED_DAYS) return;
    const { "Azure Resource Manager": arm = [], "Key Vault": vault = [] } = Object.groupBy(calls, serviceOf);
    this.#atLeast("idleArmWrites", arm.length / runtimes.length);
    this.#atLeast("idleVaultCalls", vault.length / runtimes.length);
  }

  figures(): Figures {
    const days = [...this.#lost.values()];
    const within = (first: number) => days.filter((day) => day >= first && day < first + PERIOD_DAYS).length;
    const counted = { lost: this.#lost.size, told: this.#told.size, warnings: this.#warned.size };
    return { ...this.#figures, ...counted, lostInAPeriod: Math.max(0, ...days.map(within)) };
  }

  #atLeast(figure: keyof Figures, value: number): void {
    this.#figures[figure] = Math.max(this.#figures[figure], value);
  }
}
