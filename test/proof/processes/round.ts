import type { AppProcess, Ended } from "./appProcess.ts";
import type { Runtime } from "./cast.ts";
import type { RoundPlan } from "./choices.ts";
import { type Ask, type Invocation, wordsOf } from "./invocation.ts";
import type { Stage } from "./stage.ts";
import { type Fallen, Striker } from "./striker.ts";
import { until } from "./until.ts";

/** What came of one round. */
export interface RoundResult {
  readonly ended: readonly { readonly ask: Ask; readonly ended: Ended }[];
  /** Undefined where nothing befell anybody. */
  readonly fell: Fallen | undefined;
}

/** Plays one round: all processes at once, and what befalls one of them. */
export async function playRound(stage: Stage, plan: RoundPlan, title: string): Promise<RoundResult> {
  const { azure, chronicle } = stage;
  azure.clock.advance(plan.advance);
  chronicle.begin(`${title}, ${new Date(azure.clock.now()).toISOString()} by the services' clock`);
  stage.calls = 0;
  stage.written.clear();
  const due = [...stage.facts.values()].filter(({ isDue }) => isDue).map(({ runtime }) => runtime);
  const tell = (by: string, text: string) => chronicle.add(by, text);
  stage.striker = plan.blow && new Striker(plan.blow, (name) => stage.processNamed(name), tell);
  const round = new Round(stage, plan);
  await Promise.all(plan.asks.map((ask, slot) => round.play(slot, ask)));
  await round.end();
  checkTurns(stage, round, due);
  stage.checkSecrecy();
  const fell = stage.striker?.fell;
  stage.striker = undefined;
  return { ended: round.ended, fell };
}

class Round {
  readonly ended: { ask: Ask; ended: Ended; invocation: Invocation }[] = [];
  /** Runtimes whose lease a run left behind. */
  readonly left = new Set<Runtime>();
  readonly #stage: Stage;
  readonly #plan: RoundPlan;
  readonly #endsAtOnce: boolean;
  #begun = false;
  #running = 0;

  constructor(stage: Stage, plan: RoundPlan) {
    this.#stage = stage;
    this.#plan = plan;
    // A compromise call waits for the lease of a dead run: it must not wait for real time.
    const waits = plan.asks.some((ask) => ask.trigger === "http" && ask.kind === "compromised");
    this.#endsAtOnce = waits || plan.leasesEnd === "at once";
  }

  async play(slot: number, ask: Ask): Promise<void> {
    const { begins } = this.#plan;
    const stage = this.#stage;
    if (slot > 0) {
      // Where the others come to their end with fewer calls, it follows them.
      const isTime = () => stage.calls >= (begins[slot] ?? 0) || (this.#begun && this.#running === 0);
      await until("the first process makes its calls", isTime);
    }
    const process = stage.process(slot);
    const invocation = stage.invocation(slot, ask);
    stage.striker?.begins(process.name, slot);
    await this.#run(process, invocation, () => stage.striker?.ends(slot));
    if (!process.killed) return;
    stage.bury(slot);
    await stage.start(slot);
    stage.chronicle.add(stage.process(slot).name, "is started in its place");
    if (this.#plan.ticksAgain && !this.#endsAtOnce) {
      await this.#run(stage.process(slot), stage.invocation(slot, { trigger: "timer" }));
    }
  }

  /** After everything: leases that were left alone so far. */
  async end(): Promise<void> {
    for (const { invocation } of this.ended) await this.#settle(invocation);
  }

  async #run(process: AppProcess, invocation: Invocation, whenOver = () => {}): Promise<void> {
    const { chronicle, judge } = this.#stage;
    chronicle.add(process.name, wordsOf(invocation.ask));
    judge.begins(invocation);
    this.#begun = true;
    this.#running += 1;
    const ended = await process.run(invocation);
    this.#running -= 1;
    whenOver();
    if (ended.how === "died" && !process.killed) {
      judge.violate(process.name, 7, "the process ended by itself, or its answer cannot be read");
      process.kill();
    }
    if (process.killed) await process.gone();
    const how = process.killed ? "is dead" : `${ended.how} ${ended.status ?? ""}: ${summaryOf(ended)}`;
    chronicle.add(process.name, how);
    this.ended.push({
      ask: invocation.ask,
      ended: process.killed ? { ...ended, how: "died" } : ended,
      invocation,
    });
    if (this.#endsAtOnce) await this.#settle(invocation);
    invocation.over = true;
    const rotated = ended.runtimes.filter(({ outcome }) => outcome === "rotated");
    judge.ends(invocation, new Set(rotated.map(({ runtime }) => runtime)));
  }

  async #settle(invocation: Invocation): Promise<void> {
    for (const runtime of await this.#stage.expire(invocation)) this.left.add(runtime);
  }
}

/** A process that dies keeps no other from having its turn at what no dead run holds. */
function checkTurns({ facts, judge, written }: Stage, { ended, left }: Round, due: readonly Runtime[]): void {
  const ticks = ended.filter(({ ask, ended: { how } }) => ask.trigger === "timer" && how !== "died");
  for (const { invocation } of ticks) {
    for (const runtime of facts.keys()) {
      if (!invocation.asked.has(runtime))
        judge.violate(invocation.process, 7, `its tick never looked at ${runtime.name}`);
    }
  }
  if (ticks.length === 0) return;
  for (const runtime of due) {
    if (!left.has(runtime) && !written.has(runtime))
      judge.violate("", 7, `${runtime.name} was due and free, and a tick that lived did not see to it`);
  }
}

function summaryOf({ runtimes }: Ended): string {
  return runtimes
    .map(
      ({ runtime, outcome, reason }) => `${runtime.slice(runtime.lastIndexOf("/") + 1)} ${outcome} ${reason}`,
    )
    .join(", ");
}
