import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { inspect } from "node:util";
import type { Clock } from "../../../src/clock.ts";
import { KeyValue } from "../../../src/keyValue.ts";
import type { Request } from "../../../src/plan.ts";
import { type RunResult, reconcile } from "../../../src/reconcile.ts";
import { logLines } from "../../../src/report.ts";
import type { KeyName, Lease, Locks } from "../../../src/services.ts";
import { type MemoryOperation, memoryServices } from "../../support/memoryServices.ts";
import { type App, config, LEASE, START, stage } from "./world.ts";

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
  readonly request: Request;
  readonly app: App;
  readonly slot: number;
  readonly now: number;
  /** How much the app's own clock is ahead of the services'. */
  readonly skew: number;
}

/**
 * One point of the production code's behaviour: what it waits for after a history of answers. Since the
 * code is deterministic, the history is the run's whole local state, and each history is executed only once.
 */
export interface Node {
  readonly id: number;
  readonly start: Start;
  readonly parent: Node | undefined;
  readonly answer: Answer | undefined;
  readonly pending: Pending;
  /** When it began to wait. */
  readonly since: number;
  readonly children: Map<string, Node>;
}

// The production code names its runs at random; here the name follows from which run it is.
let runId = "";
crypto.randomUUID = () => runId as ReturnType<typeof crypto.randomUUID>;
syncBuiltinESMExports();

let nodes = 0;
export function nodesMade(): number {
  return nodes;
}

/** The behaviours met so far, by how the run began. */
const roots = new Map<string, Node>();
/** Suspended executions of the production code, at the node where each waits. */
const executions = new WeakMap<Node, Execution>();

export async function begin(start: Start): Promise<Node> {
  const key = `${start.request} ${start.app} ${start.slot} ${start.now} ${start.skew}`;
  const known = roots.get(key);
  if (known) return known;
  const execution = new Execution(start);
  const pending = await execution.begin();
  const root = nodeOf(start, undefined, undefined, pending, execution);
  roots.set(key, root);
  return root;
}

/** The child that is known already; most steps find one. */
export function known(node: Node, answer: Answer): Node | undefined {
  return node.children.get(`${answer.now} ${answer.key}`);
}

/** Lets the production code go on from a node by one answer. */
export async function proceed(node: Node, answer: Answer): Promise<Node> {
  const before = known(node, answer);
  if (before) return before;
  const execution = executions.get(node) ?? (await replay(node));
  executions.delete(node);
  const child = nodeOf(node.start, node, answer, await execution.feed(answer), execution);
  node.children.set(`${answer.now} ${answer.key}`, child);
  return child;
}

async function replay(node: Node): Promise<Execution> {
  const answers: Answer[] = [];
  for (let at: Node | undefined = node; at?.answer; at = at.parent) answers.unshift(at.answer);
  const execution = new Execution(node.start);
  await execution.begin();
  for (const answer of answers) await execution.feed(answer);
  return execution;
}

function nodeOf(
  start: Start,
  parent: Node | undefined,
  answer: Answer | undefined,
  pending: Pending,
  execution: Execution,
): Node {
  nodes += 1;
  const since = answer?.now ?? start.now;
  const node = { id: nodes, start, parent, answer, pending, since, children: new Map() };
  if (pending.kind === "call" || pending.kind === "sleep") executions.set(node, execution);
  return node;
}

/** One execution of the real `reconcile`, which stops at every await on a service or on the clock. */
class Execution {
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
    const asked = {
      trigger: request === "timer" ? "timer" : "http",
      runtimes: [config],
      request,
      dryRun: false,
      concurrency: 1,
    } as const;
    return this.#next(() => {
      reconcile(asked, services, clock).then(
        (result) => this.#arrive(over(result, request)),
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

function over(result: RunResult, request: Request): Pending {
  const { outcome, reason, publishedKey } = result.runtimes[0]!;
  const trigger = request === "timer" ? "timer" : "http";
  const lines = logLines(result, { trigger, dryRun: false, compromised: request === "compromised" });
  const printed = inspect(result, { depth: 20 }) + JSON.stringify(result) + JSON.stringify(lines);
  return { kind: "over", outcome, reason, publishedKey, leak: /IR@|FAKE/.test(printed) };
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
