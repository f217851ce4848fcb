import fc from "fast-check";
import { cast, DAY, type Runtime } from "./cast.ts";
import type { Ask, Operation } from "./invocation.ts";

/** What happens in a round, to whoever makes the call that it is about. */
export type Blow =
  | {
      readonly what: "kill";
      /** Undefined: any. */
      readonly operation: Operation | undefined;
      /** From 1, among the calls of that operation in the round, whoever makes them. */
      readonly nth: number;
      readonly when: "before" | "after";
    }
  /** `slot`: which of the processes; `ms`: after its invocation began. */
  | { readonly what: "kill after a while"; readonly slot: number; readonly ms: number }
  /** Of the first regenerate: the answer does not come, and the effect comes about at once or after the run. */
  | { readonly what: "answer lost" | "effect late" };

/** One round, as it is chosen; how the processes then interleave is the machine's. */
export interface RoundPlan {
  /** Milliseconds by which the services' clock is moved before it. */
  readonly advance: number;
  /** What each process is told to do, all of them at once. */
  readonly asks: readonly Ask[];
  /** So many calls of the round have to reach Azure before a process is told. */
  readonly begins: readonly number[];
  readonly blow: Blow | undefined;
  /** Whether a dead run's lease ends while the others run, or after them. */
  readonly leasesEnd: "at once" | "last";
  /** Whether the process that is started in place of a dead one ticks before the lease of that one ends. */
  readonly ticksAgain: boolean;
  /** Whether ticks follow that nobody disturbs. */
  readonly calm: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const between = (min: number, max: number) => fc.integer({ min, max });
const weighted = <T>(...choices: [number, fc.Arbitrary<T>][]) =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));

const advance = weighted(
  [2, between(MINUTE, 50 * MINUTE)],
  [3, between(2 * HOUR, 20 * HOUR)],
  [3, between(26 * HOUR, 3 * DAY)],
  [2, between(5 * DAY, 9 * DAY)],
  [1, between(31 * DAY, 40 * DAY)],
);

const timer: fc.Arbitrary<Ask> = fc.constant({ trigger: "timer" });
const all = fc.constant<readonly Runtime[]>([]);
const some = fc.subarray([...cast], { minLength: 1 });
const http = (kind: "on demand" | "compromised" | "dry run", runtimes: fc.Arbitrary<readonly Runtime[]>) =>
  runtimes.map((runtimes): Ask => ({ trigger: "http", runtimes, kind }));
const call = weighted(
  [4, http("on demand", all)],
  [2, http("on demand", some)],
  [1, http("compromised", some)],
  [1, http("dry run", some)],
);

/** The timer and a call at once, and often a third of either kind. */
const asks = fc
  .tuple(timer, call, fc.option(weighted([1, timer], [1, call]), { nil: undefined, freq: 3 }))
  .chain((all) => {
    const asked = all.filter((ask) => ask !== undefined);
    return fc.shuffledSubarray(asked, { minLength: asked.length });
  });

const when = fc.constantFrom("before" as const, "after" as const);
const killAt = (operation: Operation | undefined, most: number): fc.Arbitrary<Blow> =>
  fc.record({
    what: fc.constant("kill" as const),
    operation: fc.constant(operation),
    nth: between(1, most),
    when,
  });

const killLater = fc.record({
  what: fc.constant("kill after a while" as const),
  slot: between(0, 1),
  ms: between(5, 300),
});

const blow = weighted<Blow | undefined>(
  [6, killAt(undefined, 40)],
  [3, killAt("updateSecret", 4)],
  [3, killAt("regenerateAuthKey", 3)],
  [3, killAt("setSecret", 3)],
  [2, killAt("renewLease", 3)],
  [1, killAt("acquireLease", 4)],
  [1, killAt("releaseLease", 3)],
  [1, killAt("listAuthKeys", 6)],
  [1, killAt("getSecretVersion", 3)],
  [2, killLater],
  [1, fc.constant<Blow>({ what: "answer lost" })],
  [2, fc.constant<Blow>({ what: "effect late" })],
  [1, fc.constant(undefined)],
);

/** The same seed gives the same rounds. */
export function chooseRounds(seed: number, count: number): RoundPlan[] {
  const round = fc.record({
    advance,
    asks,
    begins: fc.array(between(0, 15), { minLength: 3, maxLength: 3 }),
    blow,
    leasesEnd: fc.constantFrom("at once" as const, "last" as const),
    ticksAgain: fc.boolean(),
    calm: weighted([1, fc.constant(true)], [4, fc.constant(false)]),
  });
  return fc.sample(fc.noBias(round), { seed, numRuns: count });
}
