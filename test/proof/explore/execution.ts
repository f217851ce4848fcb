import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { inspect } from "node:util";
import type { Clock } from "../../../src/clock.ts";
import { KeyValue } from "../../../src/keyValue.ts";
import type { KeyName, Lease, Locks } from "../../../src/services.ts";
import { type MemoryOperation, memoryServices } from "../../support/memoryServices.ts";
import { type RequestKind, type RunResult, run, showsSecret, textOf } from "../shared/run.ts";
import { stage } from "./stage.ts";
import { type App, config, LEASE, START } from "./world.ts";

/** Where a run stands: waiting for a call to be answered, asleep, or over. */
export type Pending =
  | { readonly kind: "call"; readonly operation: MemoryOperation; readonly effect: () => unknown }
  | { readonly kind: "sleep"; readonly until: number }
  | {
      readonly kind: "over";
      readonly outcome: string;
      readonly reason: string;
      readonly publishedKey: KeyName | undefined;
      /** Whether anything like a key value is in what it returns or logs. */
      readonly leak: boolean;
    }
  | { readonly kind: "threw"; readonly message: string };

/** What a run learns at one of its awaits, and when. `key` tells two answers apart. */
export interface Answer {
  readonly key: string;
  readonly now: number;
  readonly value?: unknown;
  readonly error?: Error;
}

/** How a run begins. Two runs of the same kind that are told the same do the same. */
export interface Start {
  readonly request: RequestKind;
  readonly app: App;
  readonly slot: number;
  readonly now: number;
  /** How much the app's own clock is ahead of the services'. */
  readonly skew: number;
}

// The production code names its runs at random; here the name follows from which run it is.
let runId = "";
crypto.randomUUID = () => runId as ReturnType<typeof crypto.randomUUID>;
syncBuiltinESMExports();

/** One execution of the real `reconcile`, which stops at every await on a service or on the clock. */
export class Execution {
  readonly #start: Start;
  #now: number;
  #answer: { resolve(value: unknown): void; reject(error: Error): void } | undefined;
  #arrive: (pending: Pending) => void = () => {};

  constructor(start: Start) {
    this.#start = start;
    this.#now = start.now;
  }

  begin(): Promise<Pending> {
    const { request, skew } = this.#start;
    const clock: Clock = {
      wall: () => this.#now + skew,
      monotonic: () => this.#now - START,
      sleep: (ms) => this.#wait<void>({ kind: "sleep", until: this.#now + ms }),
    };
    const around = <T>(operation: MemoryOperation, effect: () => T) =>
      this.#wait<T>({
        kind: "call",
        operation,
        effect: operation === "addVersion" ? guarded(effect) : effect,
      });
    const services = {
      ...memoryServices({ state: stage.state, leases: new Map(), now: () => stage.now }, around),
      locks: locksOf(this.#start.app, around),
    };
    const asked = { request, runtimes: [config] };
    return this.#next(() => {
      run(asked, services, clock).then(
        (result) => this.#arrive(over(result)),
        (error) => this.#arrive({ kind: "threw", message: String(error) }),
      );
    });
  }

  feed({ now, value, error }: Answer): Promise<Pending> {
    const answer = this.#answer;
    return this.#next(() => {
      this.#now = now;
      if (error) answer?.reject(error);
      else answer?.resolve(value);
    });
  }

  /** Until the production code waits again or is over. */
  #next(go: () => void): Promise<Pending> {
    return new Promise((resolve) => {
      this.#arrive = resolve;
      runId = `run ${this.#start.slot}`;
      go();
    });
  }

  #wait<T>(pending: Pending): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#answer = { resolve: resolve as (value: unknown) => void, reject };
      this.#arrive(pending);
    });
  }
}

function guarded<T>(effect: () => T): () => T {
  return () => {
    if (stage.refusesVersions) throw new VersionsRefused();
    return effect();
  };
}

/** A vault that takes updates but no new versions says so; the explorer answers as a refusal. */
export class VersionsRefused extends Error {}

function locksOf(app: App, around: <T>(operation: MemoryOperation, effect: () => T) => Promise<T>): Locks {
  const isHolder = () => stage.leases[app]?.slot === stage.slot;
  const hold = () => {
    stage.leases[app] = { slot: stage.slot, until: stage.now + LEASE };
  };
  const lease: Lease = {
    renew: () =>
      around("renewLease", () => {
        if (!isHolder()) return false;
        hold();
        return true;
      }),
    release: () =>
      around("releaseLease", () => {
        if (isHolder()) stage.leases[app] = undefined;
      }),
  };
  return {
    async acquire() {
      const acquired = await around("acquireLease", () => {
        const held = stage.leases[app];
        if (held !== undefined && held.until > stage.now) return false;
        hold();
        return true;
      });
      // An answer may be given to more than one execution, so it holds nothing that belongs to one.
      return acquired ? lease : undefined;
    },
  };
}

function over(result: RunResult): Pending {
  const { config: _, ...told } = result.runtimes[0]!;
  const { outcome, reason, publishedKey } = told;
  const printed = inspect(told, { depth: 20 }) + textOf(result);
  return { kind: "over", outcome, reason, publishedKey, leak: showsSecret(printed) };
}

/** Everything that a run can tell two answers apart by. */
export function keyOfAnswer(value: unknown): string {
  return (
    JSON.stringify(value, function (this: Record<string, unknown>, name, plain) {
      const raw = this[name];
      return raw instanceof KeyValue ? raw.reveal() : plain;
    }) ?? "-"
  );
}
