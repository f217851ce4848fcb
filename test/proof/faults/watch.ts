import { type Before, before, checkEffect, unwell, type Writer } from "../shared/checkEffect.ts";
import { RuntimeRecord } from "../shared/record.ts";
import type { RequestKind } from "../shared/run.ts";
import { configOf, type Scenario, VAULT } from "./scenarios.ts";
import type { Stage } from "./stage.ts";

export interface Watch {
  readonly record: RuntimeRecord;
  readonly violations: string[];
  /** How many keys were regenerated. */
  readonly minted: number;
  /** A run begins; of several at once it is not known whose a write is. */
  begins(request: RequestKind, isAlone?: boolean): void;
  /** Looks at the end state. */
  finish(): void;
}

/**
 * Looks at the local Azure's own state before and after every write for one runtime, before its answer goes out or is
 * lost, and notes where a promise does not hold at that moment.
 */
export function watch({ azure, leases }: Stage, id: string, scenario: Scenario): Watch {
  const config = configOf(id, "UseDevelopmentStorage=true").runtimes[0]!;
  const record = new RuntimeRecord(config, azure.state.dataFactory, azure.state.keyVault.vaults[VAULT]!);
  const violations: string[] = [];
  const had = record.versions.length;
  let writer: Writer | undefined;
  let seen: Before = before(record);
  let minted = 0;
  const on = (when: "before" | "after", fault: (call: { operation: string; effect: boolean }) => void) =>
    azure.faults.inject({
      operation: ["regenerateAuthKey", "setSecret", "updateSecret"],
      resource: id,
      times: Number.POSITIVE_INFINITY,
      when,
      fault,
    });
  const hooks = [
    on("before", () => {
      seen = before(record);
    }),
    on("after", ({ operation, effect }) => {
      if (!effect) return;
      violations.push(...checkEffect(record, seen, azure.clock.now(), false, writer));
      if (!leases.of(id).held) violations.push(`promise 6: ${operation} while nobody holds the lease`);
      if (operation === "regenerateAuthKey") minted += 1;
      if (minted > scenario.mints) violations.push(`promise 4: ${minted} keys were regenerated`);
    }),
  ];
  return {
    record,
    violations,
    get minted() {
      return minted;
    },
    begins(request, isAlone = true) {
      writer = isAlone ? { isTimer: request === "timer", wrote: false, regenerated: [] } : undefined;
      if (request === "compromised") record.declare(azure.clock.now());
    },
    finish() {
      for (const hook of hooks) hook.remove();
      if (leases.of(id).isDoubled) violations.push("promise 6: a lease was granted while another one held");
      if (scenario.usual !== "secret-not-ours") {
        for (const wrong of unwell(record)) violations.push(`promise 5: in the end ${wrong}`);
      } else if (record.versions.length !== had)
        violations.push("promise 8: another team's secret was written");
    },
  };
}
