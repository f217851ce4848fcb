import type { KeyName } from "../../../local/azure/model/dataFactory.ts";
import type { Runtime } from "./cast.ts";
import { Compromises } from "./compromises.ts";
import type { Facts } from "./facts.ts";
import type { Invocation, Visit } from "./invocation.ts";
import type { LeaseBook } from "./leaseBook.ts";

/** What the local Azure's record shows of one runtime, beyond what stands there now. */
interface History {
  live: Record<KeyName, string>;
  named: string | undefined;
  /** When the vault ceased to name a value, by the services' clock. */
  readonly supersededAt: Map<string, number>;
  /** Values that the app minted and that it has to publish. */
  readonly unpublished: Set<string>;
}

/** A promise by its number, or what the API says. */
export type Broken = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 9 | "API";

export const WRITES: readonly string[] = ["regenerateAuthKey", "setSecret", "updateSecret"];

/** Holds every effect on a key or a secret against the promises, at the moment at which it comes about. */
export class Judge {
  /** In sentences. */
  readonly violations: string[] = [];
  regenerates = 0;
  readonly #facts: ReadonlyMap<Runtime, Facts>;
  readonly #leases: LeaseBook;
  readonly #tell: (by: string, text: string) => void;
  readonly #compromises = new Compromises();
  readonly #histories = new Map<Runtime, History>();

  /** @param tell is given each violation when it happens, and the process that it is of */
  constructor(
    facts: ReadonlyMap<Runtime, Facts>,
    leases: LeaseBook,
    tell: (by: string, text: string) => void,
  ) {
    this.#facts = facts;
    this.#leases = leases;
    this.#tell = tell;
    for (const [runtime, { live }] of facts) {
      const history = { live, named: undefined, supersededAt: new Map(), unpublished: new Set<string>() };
      this.#histories.set(runtime, history);
    }
  }

  violate(by: string, broken: Broken, text: string): void {
    const sentence = broken === "API" ? `not as the API says: ${text}` : `promise ${broken}: ${text}`;
    this.violations.push(sentence);
    this.#tell(by, `✗ ${sentence}`);
  }

  /** A call is made. */
  begins(by: Invocation): void {
    for (const facts of this.#declaredBy(by)) this.#compromises.declare(by, facts);
  }

  /** @param rotated the runtimes of which the app says that it rotated them */
  ends(by: Invocation, rotated: ReadonlySet<string>): void {
    for (const facts of this.#declaredBy(by)) {
      if (!rotated.has(facts.runtime.id)) continue;
      for (const value of this.#compromises.leftOf(by, facts)) {
        const name = facts.nameOf(value);
        this.violate(by.process, "API", `the compromise call is answered "rotated", and ${name} still lives`);
      }
    }
    for (const facts of this.#facts.values()) this.#compromises.settle(facts);
  }

  happened({ by, operation, runtime }: Visit): void {
    const isDryRun = by.ask.trigger === "http" && by.ask.kind === "dry run";
    const isWrite = WRITES.includes(operation);
    if (isDryRun && (isWrite || operation.endsWith("Lease")))
      this.violate(by.process, "API", `a dry run does ${operation}`);
    const facts = runtime && this.#facts.get(runtime);
    const history = runtime && this.#histories.get(runtime);
    if (!isWrite || facts === undefined || history === undefined) return;
    if (!this.#leases.holds(by, facts.runtime))
      this.violate(by.process, 6, `${operation} without holding the lease`);
    if (operation === "regenerateAuthKey") this.#regenerated(by, facts, history);
    else this.#written(by, facts, history);
    this.#checkNamed(by, facts);
    this.#compromises.settle(facts);
  }

  /** Values that the app minted, that live, and that were neither published nor meant to stay unknown. */
  unpublished({ runtime, live }: Facts): string[] {
    const unpublished = this.#histories.get(runtime)?.unpublished;
    return Object.values(live).filter((value) => unpublished?.has(value));
  }

  #regenerated(by: Invocation, facts: Facts, history: History): void {
    this.regenerates += 1;
    const before = history.live;
    const after = facts.live;
    history.live = after;
    const key: KeyName = before.authKey1 === after.authKey1 ? "authKey2" : "authKey1";
    const killed = before[key];
    const name = facts.nameOf(killed);
    this.#compromises.minted(by, facts, after[key]);

    const supersededAt = history.supersededAt.get(killed);
    if (supersededAt !== undefined && !this.#compromises.covers(facts, killed)) {
      const age = facts.now - supersededAt;
      if (age < facts.runtime.overlap)
        this.violate(by.process, 2, `${name} dies ${age} ms after the vault ceased to name it`);
    }
    const { intent } = facts;
    const wasAskedFor = intent?.kind === "kill" && intent.key === key;
    if (!by.wrote.has(facts.runtime) && !wasAskedFor) {
      this.violate(by.process, 3, `${key} is regenerated before the vault has taken a write of this run`);
    }
    if (history.unpublished.has(killed)) {
      this.violate(by.process, 4, `${name} dies without ever having been published: minted twice`);
    }
    if (!this.#compromises.endedWith(facts, killed)) history.unpublished.add(after[key]);
  }

  #written(by: Invocation, facts: Facts, history: History): void {
    by.wrote.add(facts.runtime);
    const value = facts.latest?.value;
    if (value === undefined || value === history.named) return;
    if (history.named !== undefined) history.supersededAt.set(history.named, facts.now);
    history.named = value;
    history.supersededAt.delete(value);
    history.unpublished.delete(value);
  }

  #checkNamed(by: Invocation, facts: Facts): void {
    const { latest, versions } = facts;
    if (latest !== undefined && !(latest.enabled && facts.isLive(latest.value))) {
      this.violate(by.process, 1, `the vault names a dead key: ${facts.nameOf(latest.value)}`);
    }
    const disabled = versions.find(({ enabled, value }) => !enabled && facts.isLive(value));
    if (disabled !== undefined) {
      this.violate(by.process, 2, `a version is disabled and its ${facts.nameOf(disabled.value)} is live`);
    }
  }

  #declaredBy({ ask }: Invocation): Facts[] {
    if (ask.trigger !== "http" || ask.kind !== "compromised") return [];
    return [...this.#facts.values()].filter(({ runtime }) => ask.runtimes.includes(runtime));
  }
}
