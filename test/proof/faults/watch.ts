import type { Fault, Injected } from "../../../local/azure/faults.ts";
import type { Call, Operation } from "../../../local/azure/model/calls.ts";
import { configOf, idOf } from "../../support/runtime.ts";
import { before, checkEffect, unwell, type WritingRun } from "../shared/checkEffect.ts";
import { RuntimeRecord } from "../shared/record.ts";
import type { RequestKind } from "../shared/run.ts";
import type { Sides } from "../shared/sides.ts";
import { stateOf } from "../shared/stateTag.ts";
import type { Scenario } from "./scenarios.ts";
import type { Stage } from "./stage.ts";
import { resourceOf } from "./subject.ts";

const WRITES: readonly Operation[] = ["regenerateAuthKey", "setSecret", "updateSecret"];

/**
 * Looks at the local Azure's own state before and after every write for one runtime, before its answer goes out or is
 * lost, and notes where a promise does not hold at that moment.
 */
export class Watch {
  readonly record: RuntimeRecord;
  readonly violations: string[] = [];
  /** How many keys were regenerated. */
  minted = 0;
  /** Whether the lease is held, and ever was. */
  held = false;
  wasHeld = false;
  /** Whether the vault deceives the run, so that what it writes is excused. */
  isDeceived = false;
  readonly #stage: Stage;
  readonly #id: string;
  readonly #scenario: Scenario;
  readonly #hooks: readonly Injected[];
  #writer: WritingRun | undefined;
  #seen: Sides;

  constructor(stage: Stage, id: string, scenario: Scenario) {
    const { dataFactory, keyVault } = stage.azure.state;
    this.#stage = stage;
    this.#id = id;
    this.#scenario = scenario;
    this.record = new RuntimeRecord(configOf(id), dataFactory, keyVault.vaults["contoso.vault.azure.net"]!);
    this.#seen = before(this.record);
    this.#hooks = [
      this.#on(WRITES, "before", () => {
        this.#seen = before(this.record);
      }),
      this.#on(WRITES, "after", (call) => this.#written(call)),
      this.#on(["acquireLease", "releaseLease"], "after", (call, { status }) => this.#leased(call, status)),
    ];
  }

  /** A run begins; of several at once it is not known whose a write is. */
  begins(request: RequestKind, isAlone = true): void {
    this.#writer = isAlone ? { isTimer: request === "timer", wrote: false, regenerated: [] } : undefined;
    if (request === "compromised") this.record.declare(this.#stage.azure.clock.now());
  }

  /** Ends a lease that nobody renews, where its 60 s would: the one thing here that is not waited for. */
  async expire(): Promise<void> {
    if (!this.held) return;
    await this.#stage.leases.break(idOf(this.#id));
    this.held = false;
  }

  /** Whether what the nodes show is written, where it is to be. */
  get isFound(): boolean {
    const { finds } = this.#scenario;
    return finds === undefined || stateOf(this.record.latest?.tags).note?.[5] === finds;
  }

  /** Looks at the end state. */
  finish(): void {
    for (const hook of this.#hooks) hook.remove();
    if (this.#scenario.usual !== "secret-not-ours") {
      for (const wrong of unwell(this.record)) this.violations.push(`promise 5: in the end ${wrong}`);
    } else if (this.record.versions.length !== 1) {
      this.violations.push("promise 8: another team's secret was written");
    }
  }

  #on(operation: readonly Operation[], when: "before" | "after", fault: Fault): Injected {
    const resource = resourceOf(this.#id, operation[0]!);
    const times = Number.POSITIVE_INFINITY;
    return this.#stage.azure.faults.inject({ operation, resource, times, when, fault });
  }

  #written({ operation, effect }: Call): void {
    if (!effect) return;
    if (!this.held) this.violations.push(`promise 6: ${operation} while nobody holds the lease`);
    const now = this.#stage.azure.clock.now();
    this.violations.push(...checkEffect(this.record, this.#seen, now, this.isDeceived, this.#writer));
    if (operation === "regenerateAuthKey") this.minted += 1;
    const { mints = 0 } = this.#scenario;
    if (this.minted > mints) this.violations.push(`promise 4: ${this.minted} keys were regenerated`);
  }

  #leased({ operation }: Call, status: number): void {
    if (status >= 300) return;
    const taken = operation === "acquireLease";
    // A run that is alone may ask once more for the lease whose answer it did not get.
    const isDoubled = taken && this.held && this.#writer === undefined;
    if (isDoubled) this.violations.push("promise 6: a lease was granted while another one held");
    this.held = taken;
    this.wasHeld ||= taken;
  }
}
