import type { RoundResult } from "./round.ts";
import type { Fallen } from "./striker.ts";

/** Counts what the rounds brought. */
export class Tally {
  kills = 0;
  readonly killsAt: Record<string, { before: number; after: number }> = {};
  lostAnswers = 0;
  lateEffects = 0;
  readonly invocations: Record<string, number> = {};
  readonly outcomes: Record<string, number> = {};

  add({ ended, fell }: RoundResult): void {
    if (fell !== undefined) this.#addFallen(fell);
    for (const { ask, ended: each } of ended) {
      const kind = ask.trigger === "timer" ? "timer" : `http ${ask.kind}`;
      count(this.invocations, `${kind}: ${each.how === "failed" ? (each.status ?? "failed") : each.how}`);
      for (const { outcome, reason } of each.runtimes) count(this.outcomes, `${outcome} ${reason}`.trim());
    }
  }

  #addFallen({ what, operation, when }: Fallen): void {
    if (what === "effect late") this.lateEffects += 1;
    if (what === "effect late" || what === "answer lost") {
      this.lostAnswers += 1;
      return;
    }
    this.kills += 1;
    if (operation === undefined || when === undefined) return;
    this.killsAt[operation] ??= { before: 0, after: 0 };
    this.killsAt[operation][when] += 1;
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
