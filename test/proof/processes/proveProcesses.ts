import { calm } from "./calm.ts";
import { chooseRounds } from "./choices.ts";
import { retirement } from "./retirement.ts";
import { playRound } from "./round.ts";
import { Stage } from "./stage.ts";
import { Tally } from "./tally.ts";

export interface ProofOptions {
  /** The same seed makes the same choices; how the processes interleave is the machine's. */
  readonly seed: number;
  /** How many rounds there are at most. */
  readonly rounds: number;
  /** Milliseconds after which no round begins, unless nothing was put to the test yet. */
  readonly withinMs: number;
  /** Told of a round in which a promise was broken, in words. */
  readonly onViolation: (story: string) => void;
}

/** What was done and seen. Counts by name say how often. */
export interface ProcessFigures {
  readonly seed: number;
  readonly rounds: number;
  /** Of rounds after which three ticks went undisturbed, the last one included. */
  readonly calms: number;
  readonly processes: number;
  /** Calls of all processes that reached Data Factory, Key Vault and the storage account. */
  readonly calls: number;
  readonly kills: number;
  /** Kills by the call at which they fell, before its effect or after it; the rest fell at random moments. */
  readonly killsAt: Readonly<Record<string, { readonly before: number; readonly after: number }>>;
  /** Regenerates whose answer was lost, and of these those whose effect came after the run. */
  readonly lostAnswers: number;
  readonly lateEffects: number;
  /** `timer answered`, `http 409`. */
  readonly invocations: Readonly<Record<string, number>>;
  /** What the app said of single runtimes: `rotated due`. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly regenerates: number;
  readonly versions: number;
  readonly leasesEnded: number;
  /** How many characters of logs, answers and output were looked through for key values. */
  readonly textLooked: number;
  readonly violations: readonly string[];
  readonly seconds: number;
}

/**
 * Processes of the built app on one vault and one storage account: timers and calls at once, one of them killed or
 * cut off, again and again; the promises are read from what the local Azure itself has recorded.
 */
export async function proveProcesses(options: ProofOptions): Promise<ProcessFigures> {
  const { seed, rounds, withinMs, onViolation } = options;
  const started = performance.now();
  const stage = await Stage.open();
  const tally = new Tally();
  const violations: string[] = [];
  const report = (title: string) => {
    const broken = stage.judge.violations.splice(0);
    if (broken.length === 0) return;
    violations.push(...broken.map((text) => `${title}: ${text}`));
    onViolation(stage.chronicle.text);
  };
  let calms = 0;
  let played = 0;
  const plans = chooseRounds(seed, rounds);
  try {
    for (const [index, plan] of plans.entries()) {
      const title = `seed ${seed}, round ${index + 1}`;
      const hasProved = tally.kills > 0 && stage.judge.regenerates > 0;
      const isOver = hasProved && performance.now() - started > withinMs;
      const isLast = isOver || index === plans.length - 1;
      if (!isOver) {
        tally.add(await playRound(stage, plan, title));
        played += 1;
      }
      if (isLast || plan.calm) {
        await calm(stage, index % 3);
        calms += 1;
      }
      if (isLast) await retirement(stage, index % 3);
      report(title);
      if (isLast) break;
    }
  } finally {
    await stage.close();
  }
  report(`seed ${seed}, at the end`);
  // What put nothing to the test has proved nothing.
  if (tally.kills === 0) violations.push("no process was killed");
  if (stage.judge.regenerates === 0) violations.push("no key was regenerated");
  const versions = [...stage.facts.values()].reduce((sum, facts) => sum + facts.versions.length, 0);
  return {
    seed,
    rounds: played,
    calms,
    processes: stage.started,
    calls: stage.allCalls,
    ...tally,
    regenerates: stage.judge.regenerates,
    versions,
    leasesEnded: stage.leases.ended,
    textLooked: stage.looked,
    violations,
    seconds: Math.round((performance.now() - started) / 1000),
  };
}
