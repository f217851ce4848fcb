import type { GuardedOperation } from "../../../local/azure/model/needs.ts";
import type { Runtime } from "./cast.ts";

/** What a process is told to do. */
export type Ask =
  | { readonly trigger: "timer" }
  | {
      readonly trigger: "http";
      /** Empty: all. */
      readonly runtimes: readonly Runtime[];
      readonly kind: "on demand" | "compromised" | "dry run";
    };

/** One run of a function in one process, and what the local Azure saw of it. */
export class Invocation {
  /** Slot and life of the process, such as `B3`. */
  readonly process: string;
  readonly ask: Ask;
  /** Whether it has ended, or its process has and nothing of it is still on its way. */
  over = false;
  /** Runtimes whose secret it asked the vault for. */
  readonly asked = new Set<Runtime>();
  /** Runtimes for which the vault took a write of it. */
  readonly wrote = new Set<Runtime>();
  /** Calls that are to take effect after their caller has given up on them. */
  late: (() => Promise<unknown>)[] = [];

  constructor(process: string, ask: Ask) {
    this.process = process;
    this.ask = ask;
  }
}

export type Operation = GuardedOperation | "acquireLease" | "renewLease" | "releaseLease" | "putBlob";

/** One call of an invocation that has reached the local Azure. */
export interface Visit {
  readonly by: Invocation;
  readonly operation: Operation;
  /** Undefined where it is about no single runtime, such as the making of the locks' container. */
  readonly runtime: Runtime | undefined;
}

/** Told of every call of every process, in the order in which they take effect. */
export interface Watcher {
  /** Before its effect. `lost`: it has none; `late`: it has it when its invocation is over. No answer comes then. */
  arrives(visit: Visit): "lost" | "late" | undefined;
  /** After its effect, if it had one. `lost`: its answer does not come. */
  happened(visit: Visit, effect: boolean): "lost" | undefined;
}

export function wordsOf(ask: Ask): string {
  if (ask.trigger === "timer") return "runs its timer";
  const runtimes = ask.runtimes.map(({ name }) => name).join(", ") || "all";
  return `is called for ${runtimes} (${ask.kind})`;
}
