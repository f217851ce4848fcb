import type { AppProcess } from "./appProcess.ts";
import type { Blow } from "./choices.ts";
import type { Operation, Visit } from "./invocation.ts";

/** What befell a process, and at which call; without an operation at a random moment. */
export interface Fallen {
  readonly what: Blow["what"];
  readonly operation?: Operation;
  readonly when?: "before" | "after";
}

/** Lets one blow fall in a round, once: on whoever makes the call that was chosen, or at a moment on one process. */
export class Striker {
  /** Where it fell; undefined while it has not. */
  fell: Fallen | undefined;
  #left: number;
  readonly #blow: Blow;
  readonly #processOf: (name: string) => AppProcess;
  readonly #tell: (by: string, text: string) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param processOf the process of this name, which lives */
  constructor(blow: Blow, processOf: (name: string) => AppProcess, tell: (by: string, text: string) => void) {
    this.#blow = blow;
    this.#left = blow.what === "kill" ? blow.nth : 1;
    this.#processOf = processOf;
    this.#tell = tell;
  }

  /** An invocation begins in this process, the `slot`-th of the round. */
  begins(name: string, slot: number): void {
    const blow = this.#blow;
    if (blow.what !== "kill after a while" || blow.slot !== slot) return;
    this.#timer = setTimeout(() => {
      this.#processOf(name).kill();
      this.fell = { what: blow.what };
      this.#tell(name, "is killed (SIGKILL) at a random moment");
    }, blow.ms);
  }

  /** It is over: the moment to strike at has passed. */
  ends(slot: number): void {
    const blow = this.#blow;
    if (blow.what === "kill after a while" && blow.slot === slot) clearTimeout(this.#timer);
  }

  arrives(visit: Visit): "lost" | "late" | undefined {
    if (this.fell !== undefined) return undefined;
    const { what } = this.#blow;
    if (what === "effect late" && visit.operation === "regenerateAuthKey") {
      this.#fall(visit, "before", "its request is lost on the way, and arrives late");
      return "late";
    }
    if (!this.#isAbout(visit)) return undefined;
    this.#left -= 1;
    return this.#left <= 0 ? this.#killAt(visit, "before") : undefined;
  }

  happened(visit: Visit): "lost" | undefined {
    if (this.fell !== undefined) return undefined;
    if (this.#blow.what === "answer lost" && visit.operation === "regenerateAuthKey") {
      this.#fall(visit, "after", "the answer to that is lost on the way");
      return "lost";
    }
    return this.#isAbout(visit) && this.#left <= 0 ? this.#killAt(visit, "after") : undefined;
  }

  #isAbout({ operation }: Visit): boolean {
    const blow = this.#blow;
    return blow.what === "kill" && (blow.operation ?? operation) === operation;
  }

  #killAt(visit: Visit, when: "before" | "after"): "lost" | undefined {
    const blow = this.#blow;
    if (blow.what !== "kill" || blow.when !== when) return undefined;
    this.#processOf(visit.by.process).kill();
    this.#fall(visit, when, `is killed (SIGKILL) ${when} ${visit.operation}`);
    return "lost";
  }

  #fall({ by, operation }: Visit, when: "before" | "after", text: string): void {
    this.fell = { what: this.#blow.what, operation, when };
    this.#tell(by.process, text);
  }
}
